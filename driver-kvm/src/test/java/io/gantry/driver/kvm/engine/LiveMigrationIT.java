package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.WithLab;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.migration.MigrationFailed;
import io.gantry.migration.MigrationPhase;
import io.gantry.migration.MigrationProgress;
import io.gantry.migration.MigrationReport;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationStatus;
import io.gantry.placement.NoValidHost;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Live migration of real guests that keep rewriting their memory and verify each page before they do. */
@WithLab(hosts = 3)
final class LiveMigrationIT {
    private static final String BUSY = "lab.ws=24 lab.rate=8";

    /** Never converges: rewritten faster than the bounded link can carry it. */
    private static final LiveMigrationSpec.Builder ENDLESS =
            LiveMigrationSpec.builder().maxDowntime(Duration.ofMillis(1)).maxBandwidth(Bandwidth.mibPerSecond(2));

    private LabEngine engine;

    @BeforeEach
    void open(Lab lab) {
        engine = LabEngine.over(lab, 2);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    @Test
    void movesABusyGuestWithoutLosingAPage() {
        Instance instance = engine.bootOn(1, "mover", BUSY);
        Heartbeat before = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);

        MigrationReport report = migrate(instance, LiveMigrationSpec.to(engine.hostId(2)));

        assertMoved(instance, before, report, 2);
        assertTrue(report.downtime().toMillis() > 0, "downtime from job statistics");
        assertTrue(report.statistics().elapsed().toMillis() > 0, "total time from job statistics");
        assertTrue(report.statistics().memoryTotal() >= 96L << 20, "memory from job statistics");
        assertEquals(MigrationPhase.values().length, report.phases().size());
    }

    @Test
    void movesBackAndForthToScheduledTargets() {
        Instance instance = engine.bootOn(1, "commuter", BUSY);

        for (int round = 0; round < 4; round++) {
            Heartbeat before = engine.guest(engine.get(instance)).awaitHeartbeat(LabEngine.PATIENCE);
            MigrationReport report = migrate(instance, LiveMigrationSpec.anywhere());
            assertMoved(instance, before, report, round % 2 == 0 ? 2 : 1);
        }
        assertEquals(1, engine.compute().hosts().get(engine.hostId(1)).usage().instances());
        assertEquals(0, engine.compute().hosts().get(engine.hostId(2)).usage().instances());
    }

    @Test
    void hotPagesSurviveManyIterations() {
        // A small set that is rewritten without pause over a slow link: what QEMU 7.2 loses pages of under TCG, unless
        // its emulator is the lab's.
        Instance instance = engine.bootOn(1, "hot", "lab.ws=2 lab.rate=0");
        Heartbeat before = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);

        MigrationReport report = migrate(
                instance,
                LiveMigrationSpec.builder()
                        .target(engine.hostId(2))
                        .maxBandwidth(Bandwidth.mibPerSecond(16))
                        .build());

        assertMoved(instance, before, report, 2);
        assertTrue(report.statistics().iteration() > 1, "memory was passed over more than once");
    }

    @Test
    void aPausedGuestArrivesPaused() {
        Instance instance = engine.bootOn(1, "sleeper", BUSY);
        String bootId =
                engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE).bootId();
        engine.compute().instances().pause(instance.id()).await(LabEngine.PATIENCE);

        MigrationReport report = migrate(instance, LiveMigrationSpec.to(engine.hostId(2)));

        assertEquals(VmState.PAUSED, report.instance().state());
        assertEquals(List.of(), engine.runningOn(instance.id()));
        assertEquals(List.of("h2"), engine.definedOn(instance.id()));
        Instance unpaused = engine.compute().instances().unpause(instance.id()).await(LabEngine.PATIENCE);
        LabGuest guest = engine.guest(unpaused);
        assertEquals(bootId, guest.awaitHeartbeat(LabEngine.PATIENCE).bootId());
        assertEquals(0, guest.verify().bad());
    }

    @Test
    void cancelInMidFlightLeavesItOnTheSource() {
        Instance instance = engine.bootOn(1, "recalled", BUSY);
        Heartbeat before = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);
        Operation<MigrationReport> move =
                start(instance, ENDLESS.target(engine.hostId(2)).build());
        awaitCopying(move);

        move.cancel();

        assertThrows(OperationCancelled.class, () -> move.await(LabEngine.PATIENCE));
        assertEquals(OperationStatus.CANCELLED, move.status());
        assertStayed(instance, before);
        assertEquals(List.of("h1"), engine.definedOn(instance.id()));
    }

    @Test
    void theDeadlineLeavesItOnTheSource() {
        Instance instance = engine.bootOn(1, "late", BUSY);
        Heartbeat before = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);
        Operation<MigrationReport> move = start(
                instance,
                ENDLESS.target(engine.hostId(2)).deadline(Duration.ofSeconds(5)).build());

        MigrationFailed failed = assertThrows(MigrationFailed.class, () -> move.await(LabEngine.PATIENCE));

        assertTrue(failed.getMessage().contains("its deadline of PT5S passed"), failed.getMessage());
        assertFailedInCopy(failed, move);
        assertStayed(instance, before);
    }

    @Test
    void killingTheTargetsQemuLeavesItOnTheSource() {
        Instance instance = engine.bootOn(1, "orphan", BUSY);
        Heartbeat before = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);
        Operation<MigrationReport> move =
                start(instance, ENDLESS.target(engine.hostId(2)).build());
        awaitCopying(move);

        engine.lab().killQemu(engine.lab().host(2), instance.id().value());

        assertFailedInCopy(assertThrows(MigrationFailed.class, () -> move.await(LabEngine.PATIENCE)), move);
        assertStayed(instance, before);
        assertEquals(List.of("h1"), engine.definedOn(instance.id()));
    }

    @Test
    void killingTheTargetsLibvirtdLeavesItOnTheSource() {
        Instance instance = engine.bootOn(1, "deserted", BUSY);
        Heartbeat before = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);
        Operation<MigrationReport> move =
                start(instance, ENDLESS.target(engine.hostId(2)).build());
        awaitCopying(move);

        engine.lab().killLibvirtd(engine.lab().host(2));
        try {
            assertFailedInCopy(assertThrows(MigrationFailed.class, () -> move.await(LabEngine.PATIENCE)), move);
        } finally {
            engine.lab().startLibvirtd(engine.lab().host(2));
        }
        assertStayed(instance, before);
        LabEngine.await(
                "the target is clean once its libvirtd is back",
                Duration.ofMinutes(1),
                () -> engine.definedOn(instance.id()).equals(List.of("h1")));
    }

    @Test
    void aPowerFailureOfTheTargetLeavesItOnTheSource() {
        Instance instance = engine.bootOn(1, "survivor", BUSY);
        Heartbeat before = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);
        Operation<MigrationReport> move =
                start(instance, ENDLESS.target(engine.hostId(2)).build());
        awaitCopying(move);

        engine.lab().powerOff(engine.lab().host(2));
        try {
            assertFailedInCopy(assertThrows(MigrationFailed.class, () -> move.await(LabEngine.PATIENCE)), move);
        } finally {
            engine.lab().powerOn(engine.lab().host(2));
        }
        assertStayed(instance, before);
        assertEquals(List.of("h1"), engine.definedOn(instance.id()));
        LabEngine.await(
                "the target answers again",
                Duration.ofMinutes(1),
                () -> engine.compute().hosts().get(engine.hostId(2)).state() == HostState.UP);
    }

    @Test
    void anImpossibleTargetIsRefusedWithTheReason() {
        engine.compute().hosts().register(engine.spec(3, "elsewhere"));
        Instance instance = engine.bootOn(1, "rooted", BUSY);
        engine.compute().hosts().disable(engine.hostId(2), "maintenance window");

        NoValidHost refused = assertThrows(NoValidHost.class, () -> migrate(instance, LiveMigrationSpec.anywhere()));

        assertEquals("MigrationPreCheck SOURCE_HOST", reason(refused, 1));
        assertEquals("ComputeFilter HOST_DISABLED", reason(refused, 2));
        assertEquals("MigrationPreCheck REFUSED", reason(refused, 3));
        assertTrue(refused.getMessage().contains("storage"), refused.getMessage());
        assertTrue(refused.getMessage().contains("maintenance window"), refused.getMessage());
        assertEquals(VmState.ACTIVE, engine.get(instance).state());
        assertEquals(List.of("h1"), engine.definedOn(instance.id()));
        assertEquals(0, engine.compute().hosts().get(engine.hostId(3)).usage().instances());
        engine.compute().hosts().unregister(engine.hostId(3));
    }

    @Test
    void aTargetWithoutRoomIsRefusedWithTheNumbers() {
        Instance instance = engine.bootOn(1, "large", BUSY);
        MemorySize memory =
                engine.compute().hosts().get(engine.hostId(2)).inventory().memory();
        engine.compute()
                .flavors()
                .create(Flavor.builder("filler")
                        .memory(new MemorySize(memory.bytes() - (64L << 20)))
                        .build());
        // Fills the target in the ledger; no host of the lab has the memory to boot it.
        InstanceSpec filler = InstanceSpec.builder("filler")
                .flavor("filler")
                .image(engine.image(""))
                .host(engine.hostId(2))
                .build();
        Instance filled = engine.compute().instances().create(filler).await(LabEngine.PATIENCE);
        engine.compute().instances().stop(filled.id()).await(LabEngine.PATIENCE);

        NoValidHost refused =
                assertThrows(NoValidHost.class, () -> migrate(instance, LiveMigrationSpec.to(engine.hostId(2))));

        assertEquals(1, refused.report().hosts().size());
        assertEquals(engine.hostId(2), refused.report().rejected().get(0).host());
        assertTrue(refused.getMessage().contains("96 MiB"), refused.getMessage());
        assertEquals(Optional.of(engine.hostId(1)), engine.get(instance).host());
    }

    private Operation<MigrationReport> start(Instance instance, LiveMigrationSpec spec) {
        return engine.compute().migrations().live(instance.id(), spec);
    }

    private MigrationReport migrate(Instance instance, LiveMigrationSpec spec) {
        return start(instance, spec).await(LabEngine.PATIENCE);
    }

    private static void awaitCopying(Operation<MigrationReport> move) {
        LabEngine.await(
                "memory is being copied",
                Duration.ofMinutes(1),
                () -> move.progress()
                        .detail()
                        .filter(MigrationProgress.class::isInstance)
                        .map(MigrationProgress.class::cast)
                        .filter(detail -> detail.phase() == MigrationPhase.PRE_COPY)
                        .filter(detail -> detail.statistics().memoryProcessed() > 0)
                        .isPresent());
    }

    private void assertMoved(Instance instance, Heartbeat before, MigrationReport report, int target) {
        HostId host = engine.hostId(target);
        assertEquals(host, report.target());
        assertEquals(Optional.of(host), engine.get(instance).host());
        assertEquals(List.of(host.value()), engine.runningOn(instance.id()));
        assertEquals(List.of(host.value()), engine.definedOn(instance.id()));
        assertGoesOn(report.instance(), before);
    }

    private void assertStayed(Instance instance, Heartbeat before) {
        Instance now = engine.get(instance);
        assertEquals(VmState.ACTIVE, now.state());
        assertEquals(Optional.of(engine.hostId(1)), now.host());
        assertEquals(List.of("h1"), engine.runningOn(instance.id()));
        assertGoesOn(now, before);
        assertEquals(0, engine.compute().hosts().get(engine.hostId(2)).usage().instances(), "no claim is left");
    }

    private void assertGoesOn(Instance instance, Heartbeat before) {
        LabGuest guest = engine.guest(instance);
        Heartbeat after = guest.awaitHeartbeat(LabEngine.PATIENCE);
        assertEquals(before.bootId(), after.bootId(), "the guest did not reboot");
        assertTrue(after.seq() > before.seq(), "heartbeats go on");
        assertTrue(after.dirtied() >= before.dirtied(), "its counters go on");
        assertTrue(after.diskCount() > before.diskCount(), "its disk's counter goes on");
        assertEquals(0, after.errs(), "no page is bad");
        assertEquals(0, after.diskErrs(), "no sector is bad");
        assertEquals(0, guest.verify().bad(), "no page is bad");
    }

    private static void assertFailedInCopy(MigrationFailed failed, Operation<MigrationReport> move) {
        assertEquals(OperationStatus.FAILED, move.status());
        assertEquals(MigrationPhase.PRE_COPY, failed.phase());
        assertEquals("h1", failed.whereTheGuestRuns().map(HostId::value).orElse("unknown"));
    }

    private String reason(NoValidHost refused, int n) {
        return refused.report().hosts().stream()
                .filter(host -> host.host().equals(engine.hostId(n)))
                .flatMap(host -> host.rejection().stream())
                .map(result -> result.filter() + " " + result.verdict().code())
                .findFirst()
                .orElse("accepted");
    }
}
