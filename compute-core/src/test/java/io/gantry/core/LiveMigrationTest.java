package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.migration.MigrationFailed;
import io.gantry.migration.MigrationPhase;
import io.gantry.migration.MigrationProgress;
import io.gantry.migration.MigrationReport;
import io.gantry.migration.PhaseTiming;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationProgress;
import io.gantry.operation.OperationStatus;
import io.gantry.placement.NoValidHost;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live migration through the engine, on simulated hosts whose guests own real pages. */
final class LiveMigrationTest {
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");
    private static final LiveMigrationSpec TO_H2 = LiveMigrationSpec.to(H2);

    /** Bounded below the rate at which {@link #neverConverges} dirties memory. */
    private static final LiveMigrationSpec ENDLESS_TO_H2 = LiveMigrationSpec.builder()
            .target(H2)
            .maxDowntime(Duration.ofMillis(1))
            .maxBandwidth(Bandwidth.mibPerSecond(4))
            .build();

    private SimEngine engine;

    @BeforeEach
    void open(@TempDir Path directory) {
        engine = SimEngine.open(directory, 3, builder -> builder.syncInterval(Duration.ofMillis(200)));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void movesTheGuestTheClaimAndTheView() {
        Instance instance = engine.createdOn(1, "mover");
        List<OperationProgress> progress = new CopyOnWriteArrayList<>();

        Operation<MigrationReport> move = start(instance, TO_H2);
        move.onProgress(progress::add);
        MigrationReport report = move.await(SimEngine.PATIENCE);

        assertEquals(H1, report.source());
        assertEquals(H2, report.target());
        assertEquals(Optional.of(H2), engine.get(instance).host());
        assertEquals(VmState.ACTIVE, report.instance().state());
        assertEquals(
                Arrays.asList(MigrationPhase.values()),
                report.phases().stream().map(PhaseTiming::phase).toList());
        assertTrue(report.statistics().memoryTotal() > 0);
        assertRunsIntactOn(instance, "h2");
        assertEquals(0, engine.claimedInstances(1));
        assertEquals(1, engine.claimedInstances(2));
        assertEquals(1, engine.rows("claim"));
        SimEngine.await(
                "the last progress",
                () -> !progress.isEmpty() && progress.get(progress.size() - 1).status() == OperationStatus.SUCCEEDED);
        assertTrue(progress.stream().anyMatch(now -> now.detail().isPresent()));
    }

    @Test
    void theSchedulerNeverChoosesTheSource() {
        Instance instance = engine.createdOn(1, "roamer");
        for (int round = 0; round < 5; round++) {
            HostId before = engine.get(instance).host().orElseThrow();
            MigrationReport report =
                    start(instance, LiveMigrationSpec.anywhere()).await(SimEngine.PATIENCE);
            assertTrue(!report.target().equals(before), "moved away from " + before);
        }
        assertEquals(1, engine.rows("claim"));
        assertEquals(1, engine.fleet().copies(instance.id()).size());
    }

    @Test
    void aPausedGuestArrivesPaused() {
        Instance instance = engine.createdOn(1, "sleeper");
        engine.compute().instances().pause(instance.id()).await(SimEngine.PATIENCE);

        MigrationReport report = start(instance, TO_H2).await(SimEngine.PATIENCE);

        assertEquals(VmState.PAUSED, report.instance().state());
        assertEquals(
                VmState.ACTIVE,
                engine.compute()
                        .instances()
                        .unpause(instance.id())
                        .await(SimEngine.PATIENCE)
                        .state());
    }

    @Test
    void cancelInMidFlightLeavesItOnTheSource() {
        Instance instance = neverConverges();
        Operation<MigrationReport> move = start(instance, ENDLESS_TO_H2);
        awaitCopying(move);

        move.cancel();

        SimEngine.failure(OperationCancelled.class, move);
        assertEquals(OperationStatus.CANCELLED, move.status());
        assertStayed(instance);
    }

    @Test
    void theDeadlineAbortsACopyThatDoesNotConverge() {
        Instance instance = neverConverges();
        LiveMigrationSpec spec = LiveMigrationSpec.builder()
                .target(H2)
                .maxDowntime(Duration.ofMillis(1))
                .maxBandwidth(Bandwidth.mibPerSecond(4))
                .deadline(Duration.ofMillis(700))
                .build();

        MigrationFailed failed = SimEngine.failure(MigrationFailed.class, start(instance, spec));

        assertEquals(MigrationPhase.PRE_COPY, failed.phase());
        assertEquals(Optional.of(H1), failed.whereTheGuestRuns());
        assertTrue(failed.getMessage().contains("PT0.7S"), failed.getMessage());
        assertStayed(instance);
    }

    @Test
    void aTargetThatLosesPowerLeavesItOnTheSource() {
        Instance instance = neverConverges();
        Operation<MigrationReport> move = start(instance, ENDLESS_TO_H2);
        awaitCopying(move);

        engine.host(2).powerFail();

        MigrationFailed failed = SimEngine.failure(MigrationFailed.class, move);
        assertEquals(Optional.of(H1), failed.whereTheGuestRuns());
        assertStayed(instance);
    }

    @Test
    void whenNeitherHostAnswersNothingIsConcludedUntilOneDoes() {
        Instance instance = neverConverges();
        Operation<MigrationReport> move = start(instance, ENDLESS_TO_H2);
        awaitCopying(move);

        engine.host(1).disconnect();
        engine.host(2).powerFail();

        MigrationFailed failed = SimEngine.failure(MigrationFailed.class, move);
        assertEquals(Optional.empty(), failed.whereTheGuestRuns());
        assertEquals(1, engine.claimedInstances(1), "the source stays charged");
        assertEquals(1, engine.claimedInstances(2), "the target stays charged");

        engine.host(1).reconnect();
        SimEngine.await("settled", () -> engine.claimedInstances(2) == 0);
        assertStayed(instance);
    }

    @Test
    void anErrorThatIsReportedAfterTheSwitchDoesNotLoseTheGuest() {
        Instance instance = engine.createdOn(1, "switched");
        engine.host(2).failNext(SimCall.GUEST, 1, () -> new HypervisorError("h2", 1, 0, "the test said so", null));

        Operation<MigrationReport> move = start(instance, TO_H2);
        try {
            move.await(SimEngine.PATIENCE);
        } catch (MigrationFailed e) {
            assertTrue(e.whereTheGuestRuns().isEmpty(), e.getMessage());
        }

        SimEngine.await(
                "settled on h2",
                () -> engine.get(instance).host().equals(Optional.of(H2)) && engine.claimedInstances(1) == 0);
        assertRunsIntactOn(instance, "h2");
        assertEquals(1, engine.rows("claim"));
    }

    @Test
    void aFailureToPrepareLeavesNoClaim() {
        Instance instance = engine.createdOn(1, "unprepared");
        engine.host(2).failNext(SimCall.PREPARE, 1, () -> new HypervisorError("h2", 1, 0, "the test said so", null));

        MigrationFailed failed = SimEngine.failure(MigrationFailed.class, start(instance, TO_H2));

        assertEquals(MigrationPhase.PREPARE, failed.phase());
        assertStayed(instance);
    }

    @Test
    void impossibleTargetsAreRefusedHostByHost() {
        Instance instance = engine.createdOn(1, "rooted");
        engine.compute().hosts().disable(H2, "maintenance");
        engine.host(3).powerFail();

        NoValidHost refused = SimEngine.failure(NoValidHost.class, start(instance, LiveMigrationSpec.anywhere()));

        assertEquals(List.of("SOURCE_HOST", "HOST_DISABLED", "HOST_DOWN"), codes(refused));
        assertStayed(instance);
    }

    @Test
    void oneThatRefusesAtTheLastMomentIsNamedBesideThoseThatFiltersRejected() {
        Instance instance = engine.createdOn(1, "rooted");
        engine.compute().hosts().disable(H2, "maintenance");
        engine.host(3).failNext(SimCall.REFUSALS, 1, () -> new HypervisorError("h3", 1, 0, "the test said so", null));

        NoValidHost refused = SimEngine.failure(NoValidHost.class, start(instance, LiveMigrationSpec.anywhere()));

        assertEquals(Set.of("SOURCE_HOST", "HOST_DISABLED", "NO_ANSWER"), Set.copyOf(codes(refused)));
        assertStayed(instance);
    }

    @Test
    void theSourceItselfIsNoTarget() {
        Instance instance = engine.createdOn(1, "narcissus");

        NoValidHost refused = SimEngine.failure(NoValidHost.class, start(instance, LiveMigrationSpec.to(H1)));

        assertEquals(List.of("SOURCE_HOST"), codes(refused));
    }

    @Test
    void whatCannotBeMovedIsRefusedAtOnce() {
        Instance instance = engine.createdOn(1, "stopped");
        engine.compute().instances().stop(instance.id()).await(SimEngine.PATIENCE);

        assertThrows(InvalidState.class, () -> start(instance, TO_H2));
        assertThrows(NotFound.class, () -> start(instance, LiveMigrationSpec.to(HostId.of("h9"))));
        assertTrue(engine.get(instance).task().isEmpty());
    }

    @Test
    void pastTheSwitchItCannotBeCancelled() {
        Instance instance = engine.createdOn(1, "committed");
        // The verification, which asks the target, takes at least so long.
        engine.host(2).latency(Duration.ofMillis(500));
        Operation<MigrationReport> move = start(instance, TO_H2);
        SimEngine.await(
                "the switch is verified",
                () -> move.progress()
                        .detail()
                        .filter(MigrationProgress.class::isInstance)
                        .map(MigrationProgress.class::cast)
                        .filter(detail -> detail.phase() == MigrationPhase.SWITCH)
                        .isPresent());

        assertThrows(NotCancellable.class, move::cancel);

        assertEquals(H2, move.await(SimEngine.PATIENCE).target());
    }

    private Instance neverConverges() {
        Instance instance = engine.createdOn(1, "busy");
        engine.fleet().guest(instance.id()).dirtying(MemorySize.mib(32), Bandwidth.mibPerSecond(100));
        return instance;
    }

    private Operation<MigrationReport> start(Instance instance, LiveMigrationSpec spec) {
        return engine.compute().migrations().live(instance.id(), spec);
    }

    private static void awaitCopying(Operation<MigrationReport> move) {
        SimEngine.await(
                "memory is being copied",
                () -> move.progress()
                        .detail()
                        .filter(MigrationProgress.class::isInstance)
                        .map(MigrationProgress.class::cast)
                        .filter(detail -> detail.statistics().memoryProcessed() > 0)
                        .isPresent());
    }

    private void assertStayed(Instance instance) {
        assertEquals(Optional.of(H1), engine.get(instance).host());
        assertTrue(engine.get(instance).task().isEmpty());
        assertRunsIntactOn(instance, "h1");
        assertEquals(1, engine.claimedInstances(1));
        assertEquals(0, engine.claimedInstances(2));
        assertEquals(1, engine.rows("claim"));
    }

    private void assertRunsIntactOn(Instance instance, String host) {
        assertEquals(Optional.of(host), engine.fleet().guest(instance.id()).host());
        assertTrue(engine.fleet().verify(instance.id()).intact(), "every page verifies");
    }

    private static List<String> codes(NoValidHost refused) {
        return refused.report().hosts().stream()
                .flatMap(host -> host.rejection().stream())
                .map(result -> result.verdict().code())
                .toList();
    }
}
