package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.audit.Audit;
import io.gantry.audit.DifferenceFound;
import io.gantry.audit.Finding;
import io.gantry.audit.Finding.Kind;
import io.gantry.core.image.ImageCatalog;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.core.placement.LedgerAudit;
import io.gantry.core.placement.Need;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.LeftoverRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.QuotaChargeRow;
import io.gantry.core.state.QuotaCounterRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.core.state.TombstoneRow;
import io.gantry.error.HypervisorError;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.store.Transaction;
import io.gantry.unit.DiskSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of difference is made behind the engine's back; the audit finds that one, and repair what is provably ours. */
final class AuditTest {
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");

    @TempDir
    Path directory;

    private SimEngine engine;

    @BeforeEach
    void open() {
        engine = open(Duration.ZERO, false);
    }

    private SimEngine open(Duration interval, boolean repairs) {
        return SimEngine.open(directory, 2, builder -> builder.auditEvery(interval, repairs));
    }

    private void reopen(boolean repairs) {
        engine.close();
        engine = open(Duration.ofMillis(20), repairs);
    }

    private Instance created() {
        return engine.createdOn(1, "web");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** The one thing that an audit finds. */
    private Finding found(Kind kind) {
        Audit audit = engine.compute().audit();
        assertEquals(List.of(kind), kinds(audit), audit.findings()::toString);
        assertFalse(audit.findings().get(0).repaired(), "an audit changes nothing");
        return audit.findings().get(0);
    }

    private static List<Kind> kinds(Audit audit) {
        return audit.findings().stream().map(Finding::kind).toList();
    }

    private void repaired(Kind kind) {
        assertTrue(found(kind).repair().isPresent());
        Audit repair = engine.compute().repair();
        assertEquals(List.of(kind), kinds(repair));
        assertTrue(repair.findings().get(0).repaired());
        assertEquals(List.of(), engine.compute().audit().findings());
    }

    private void leftToAPerson(Kind kind) {
        assertTrue(found(kind).repair().isEmpty());
        assertFalse(engine.compute().repair().findings().get(0).repaired());
        found(kind);
    }

    /** A connection to a host that the engine knows nothing of. */
    private void behindItsBack(String host, Consumer<HostConnection> work) {
        HostEndpoint endpoint = new HostEndpoint(HostId.of(host), URI.create("sim://" + host), Map.of());
        try (HostConnection connection = engine.fleet().driver().connect(endpoint, new Deaf())) {
            work.accept(connection);
        }
    }

    private void makeGuest(String host, InstanceId id) {
        Image image = engine.compute().images().get(engine.image());
        Flavor flavor = engine.compute().flavors().get(SimEngine.FLAVOR);
        behindItsBack(host, connection -> {
            try {
                connection.cacheImage(context(), source(image));
            } catch (IOException e) {
                throw new AssertionError("no image", e);
            }
            connection.createGuest(
                    context(),
                    GuestSpec.builder(id, "stranger", flavor, image)
                            .rootDisk(DiskSize.gib(1))
                            .build());
        });
    }

    private static CallContext context() {
        return new CallContext(OperationId.random(), 1, Duration.ofSeconds(10));
    }

    private static ImageSource source(Image image) {
        return new ImageSource() {
            @Override
            public Image image() {
                return image;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[4096]);
            }
        };
    }

    private void change(Consumer<StateChange> change) {
        engine.change(state -> state.change(tx -> change.accept(new StateChange(state, tx))));
    }

    private void edit(Instance instance, Consumer<InstanceRow.Edit> edit) {
        change(it -> it.state()
                .instances()
                .get(it.tx(), instance.id().toString())
                .ifPresent(entry -> it.state()
                        .instances()
                        .update(it.tx(), entry, entry.value().with(Instant.now(), edit))));
    }

    private record StateChange(State state, Transaction tx) {}

    private static final class Deaf implements HostListener {
        @Override
        public void onGuestEvent(GuestEvent event) {}

        @Override
        public void onDisconnected(String reason) {}

        @Override
        public void onConnected() {}
    }

    @Test
    void whereAllAgreeNothingIsFound() {
        created();
        assertTrue(engine.compute().audit().isEmpty());
    }

    @Test
    void aGuestOfAnInstanceThatNobodyKnowsIsLeftToAPerson() {
        created();
        InstanceId stranger = InstanceId.random();
        makeGuest("h2", stranger);

        leftToAPerson(Kind.UNKNOWN_GUEST);
        assertEquals(1, engine.fleet().copies(stranger).size(), "it may be another cloud's");
    }

    @Test
    void aGuestOfAnInstanceThatWasDeletedIsRemoved() {
        created();
        InstanceId gone = InstanceId.random();
        makeGuest("h2", gone);
        change(it -> it.state().tombstones().insert(it.tx(), new TombstoneRow(gone, Instant.EPOCH)));

        repaired(Kind.UNKNOWN_GUEST);
        assertEquals(0, engine.fleet().copies(gone).size());
    }

    @Test
    void whatALateCallMadeOfADeletedInstanceGoesByItself() {
        engine.close();
        engine = SimEngine.open(
                directory,
                2,
                builder -> builder.auditEvery(Duration.ZERO, false).syncInterval(Duration.ofMillis(100)));
        InstanceId id = created().id();
        engine.compute().instances().delete(id).await(SimEngine.PATIENCE);

        makeGuest("h2", id);

        SimEngine.await("the guest is gone", () -> engine.fleet().copies(id).isEmpty());
        SimEngine.await("its disk too", () -> engine.fleet().disks() == 0);
    }

    @Test
    void aSecondGuestOfAnInstanceIsLeftToAPerson() {
        Instance instance = created();
        makeGuest("h2", instance.id());

        leftToAPerson(Kind.GUEST_ELSEWHERE);
        assertEquals(Optional.of(H2), found(Kind.GUEST_ELSEWHERE).host());
    }

    @Test
    void aHostThatDoesNotAnswerIsNamed() {
        created();
        engine.host(1).disconnect();
        SimEngine.await("h1 is down", () -> engine.compute().hosts().get(H1).state() == HostState.DOWN);

        assertEquals(List.of(H1), engine.compute().audit().silentHosts());
        assertFalse(engine.compute().audit().isEmpty());
    }

    @Test
    void aMissingGuestIsLeftToAPerson() {
        Instance instance = created();
        behindItsBack("h1", connection -> connection.deleteGuest(context(), instance.id()));
        SimEngine.await("it is seen", () -> engine.get(instance).state() == VmState.ERROR);
        edit(instance, edit -> edit.state(VmState.RESCUED));

        leftToAPerson(Kind.MISSING_GUEST);
    }

    @Test
    void aDiskThatAFailedCreationLeftIsRemoved() {
        Instance instance = created();
        InstanceId gone = InstanceId.random();
        change(it -> it.state().tombstones().insert(it.tx(), new TombstoneRow(gone, Instant.EPOCH)));
        engine.host(2).failAfterDisk(1, () -> new HypervisorError("h2", 1, 1, "a fault of the test", null));
        try {
            makeGuest("h2", gone);
        } catch (HypervisorError e) {
            assertEquals("h2", H2.value(), e::getMessage);
        }
        assertEquals(2, engine.fleet().disks());

        repaired(Kind.LEAKED_DISK);
        assertEquals(1, engine.fleet().disks());
        assertEquals(1, engine.fleet().copies(instance.id()).size());
    }

    @Test
    void theShelfOfAnInstanceThatIsGoneIsRemoved() throws IOException {
        created();
        Path file = Files.write(directory.resolve("content"), new byte[4096]);
        ImageId shelf = ImageId.random();
        try (LocalDirectoryImageStore images = LocalDirectoryImageStore.open(directory.resolve("images"))) {
            images.add(
                    shelf,
                    ImageSpec.builder("shelf", DiskFormat.RAW)
                            .property(ImageCatalog.TYPE, "shelf")
                            .property(ImageCatalog.INSTANCE, InstanceId.random().toString())
                            .build(),
                    Files.newInputStream(file));
        }

        repaired(Kind.LEAKED_IMAGE);
        assertTrue(engine.compute().images().list().stream()
                .noneMatch(image -> image.id().equals(shelf)));
    }

    @Test
    void aClaimOfNobodyIsReleased() {
        created();
        change(it -> it.state()
                .claims()
                .insert(it.tx(), new ClaimRow(Need.instance(InstanceId.random()), H2, "h2", Map.of("VCPU", 0L))));

        Audit audit = engine.compute().audit();
        assertTrue(kinds(audit).contains(Kind.CLAIM_WITHOUT_CONSUMER), audit.findings()::toString);
        engine.compute().repair();
        engine.compute().repair();
        assertEquals(List.of(), engine.compute().audit().findings());
        assertEquals(1, engine.rows("claim"));
    }

    @Test
    void anInstanceWithoutItsClaimGetsItBack() {
        Instance instance = created();
        change(it -> it.state()
                .claims()
                .all(it.tx())
                .forEach(entry -> it.state().claims().delete(it.tx(), entry)));
        change(it -> new LedgerAudit(it.state()).run(it.tx(), true));

        repaired(Kind.MISSING_CLAIM);
        assertEquals(1, engine.claimedInstances(1));
        assertEquals(instance, engine.get(instance));
    }

    @Test
    void theUsageOfAProviderBecomesTheSumOfItsClaims() {
        created();
        change(it -> it.state().providers().get(it.tx(), "h1").ifPresent(entry -> {
            ProviderRow row = entry.value();
            it.state()
                    .providers()
                    .update(
                            it.tx(),
                            entry,
                            new ProviderRow(
                                    row.id(),
                                    row.parent(),
                                    row.root(),
                                    row.host(),
                                    row.traits(),
                                    row.aggregates(),
                                    row.inventories(),
                                    Map.of("VCPU", 7L, "MEMORY_MB", 256L, "DISK_MB", 1024L),
                                    row.claims()));
        }));

        repaired(Kind.PROVIDER_USAGE);
        assertEquals(1, engine.compute().hosts().get(H1).usage().vcpus());
    }

    @Test
    void aCounterBecomesTheSumOfWhatIsCharged() {
        created();
        change(it -> {
            Table.Entry<QuotaCounterRow> entry =
                    it.state().quotaCounters().all(it.tx()).get(0);
            Map<String, Long> used = new HashMap<>(entry.value().used());
            used.merge("INSTANCES", 5L, Long::sum);
            it.state()
                    .quotaCounters()
                    .update(it.tx(), entry, new QuotaCounterRow(entry.value().owner(), used));
        });

        repaired(Kind.QUOTA_COUNTER);
    }

    @Test
    void whatIsChargedForNobodyIsReleased() {
        Instance instance = created();
        change(it -> it.state()
                .quotaCharges()
                .insert(
                        it.tx(),
                        new QuotaChargeRow(
                                Need.instance(InstanceId.random()),
                                instance.project().value(),
                                instance.user().value(),
                                Map.of())));

        repaired(Kind.QUOTA_CHARGE);
        assertEquals(1, engine.rows("quota-charge"));
    }

    @Test
    void anInstanceThatAnOperationHeldWhichIsOverIsFreed() {
        Instance instance = created();
        edit(instance, edit -> edit.take(TaskState.POWERING_OFF, OperationId.random()));

        repaired(Kind.STUCK_TASK);
        assertEquals(Optional.empty(), engine.get(instance).task());
    }

    @Test
    void whatAHostThatIsBackStillHasIsRemoved() {
        created();
        InstanceId gone = InstanceId.random();
        makeGuest("h2", gone);
        change(it -> it.state().leave(it.tx(), new LeftoverRow(gone, H2, 2, false, Instant.EPOCH)));

        assertTrue(found(Kind.LEFTOVER).repair().isPresent());
        engine.compute().repair();
        SimEngine.await("the guest is gone", () -> engine.fleet().copies(gone).isEmpty());
        SimEngine.await("nothing is left", () -> engine.compute().audit().isEmpty());
    }

    @Test
    void theEngineAuditsByItselfAndTellsWhatIsNewOnce() throws InterruptedException {
        reopen(false);
        List<Finding> told = new CopyOnWriteArrayList<>();
        engine.compute().subscribe(event -> {
            if (event instanceof DifferenceFound difference) {
                told.add(difference.finding());
            }
        });
        InstanceId stranger = InstanceId.random();
        makeGuest("h2", stranger);

        SimEngine.await("it is told", () -> !told.isEmpty());
        Thread.sleep(200);
        assertEquals(
                List.of(stranger.ref()), told.stream().map(Finding::resource).toList());
        assertEquals(1, engine.fleet().copies(stranger).size(), "it was not asked to repair");
    }

    @Test
    void theEngineRepairsByItselfIfItMay() {
        reopen(true);
        InstanceId gone = InstanceId.random();
        change(it -> it.state().tombstones().insert(it.tx(), new TombstoneRow(gone, Instant.EPOCH)));
        makeGuest("h2", gone);

        SimEngine.await("it is removed", () -> engine.fleet().copies(gone).isEmpty());
    }
}
