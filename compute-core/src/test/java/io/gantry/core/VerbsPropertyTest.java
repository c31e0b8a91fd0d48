package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.audit.Audit;
import io.gantry.audit.Finding;
import io.gantry.audit.Finding.Kind;
import io.gantry.driver.sim.SimCall;
import io.gantry.error.ComputeException;
import io.gantry.error.HypervisorError;
import io.gantry.flavor.Flavor;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.BackupSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.Instances;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.UnshelveSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever verbs are used on a few instances, at once and one after the other, with hosts that fail at random calls: claims,
 * counters and guests agree afterwards, and deleting leaves nothing.
 */
final class VerbsPropertyTest {
    private static final RequestOptions NONE = RequestOptions.none();
    private static final Set<Kind> LEFT_BY_A_FAILED_UNDO = Set.of(Kind.LEAKED_DISK);
    private static final SimCall[] FAILING = {
        SimCall.CREATE, SimCall.START, SimCall.POWER_OFF, SimCall.COPY_DISK, SimCall.CREATE_FROM_DISK, SimCall.RESIZE,
        SimCall.REBUILD, SimCall.RESCUE, SimCall.SUSPEND, SimCall.PREPARE, SimCall.START_MIGRATION, SimCall.DELETE_DISK,
        SimCall.INJECT_NMI, SimCall.SET_USER_PASSWORD
    };

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void claimsCountersAndGuestsAgreeAfterAnyInterleaving(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        try (ScratchDirectory directory = new ScratchDirectory();
                SimEngine engine =
                        SimEngine.open(directory.path(), 3, builder -> builder.syncInterval(Duration.ofMillis(200)))) {
            engine.compute()
                    .flavors()
                    .create(Flavor.builder(VerbTestBase.LARGE)
                            .memory(MemorySize.mib(512))
                            .disk(DiskSize.gib(2))
                            .build());
            List<InstanceId> ids = new ArrayList<>();
            for (int n = 1; n <= 3; n++) {
                ids.add(engine.createdOn(n, "i" + n).id());
            }
            List<Operation<?>> operations = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                if (random.nextInt(3) == 0) {
                    engine.host(1 + random.nextInt(3))
                            .failNext(
                                    FAILING[random.nextInt(FAILING.length)],
                                    1,
                                    () -> new HypervisorError("h1", 1, 1, "a fault of the test", null));
                }
                use(engine, ids.get(random.nextInt(ids.size())), random).ifPresent(operations::add);
                if (random.nextBoolean()) {
                    operations.forEach(VerbsPropertyTest::end);
                }
            }
            operations.forEach(VerbsPropertyTest::end);
            for (int n = 1; n <= 3; n++) {
                engine.host(n).clearFaults();
            }

            // Where an undo failed, too, a disk may be left; nothing else may.
            agrees(engine, seed, LEFT_BY_A_FAILED_UNDO);
            engine.compute().repair();
            agrees(engine, seed, Set.of());
            for (Instance left : engine.compute().instances().list()) {
                engine.compute().instances().forceDelete(left.id(), NONE).await(SimEngine.PATIENCE);
            }
            assertEquals(0, engine.rows("claim"), "claims, seed " + seed);
            assertEquals(0, engine.rows("quota-charge"), "charges, seed " + seed);
            assertEquals(0, engine.fleet().disks(), "disks, seed " + seed);
        }
    }

    private static void agrees(SimEngine engine, long seed, Set<Kind> tolerated) {
        try {
            SimEngine.await("store, ledger and hosts agree", () -> {
                Audit audit = engine.compute().audit();
                return audit.silentHosts().isEmpty()
                        && audit.findings().stream().map(Finding::kind).allMatch(tolerated::contains);
            });
        } catch (AssertionError e) {
            throw new AssertionError("Seed " + seed + ": " + engine.compute().audit(), e);
        }
    }

    private static void end(Operation<?> operation) {
        try {
            operation.await(SimEngine.PATIENCE);
        } catch (ComputeException e) {
            assertEquals(true, operation.status().ended(), "it ended, if only by " + e.code());
        }
    }

    /** {@return the operation; empty if the verb was refused, which it may be in any state} */
    private static Optional<Operation<?>> use(SimEngine engine, InstanceId id, Random random) {
        Instances verbs = engine.compute().instances();
        try {
            return Optional.of(
                    switch (random.nextInt(20)) {
                        case 0 -> verbs.start(id);
                        case 1 -> verbs.stop(id, StopOptions.hard());
                        case 2 -> verbs.pause(id);
                        case 3 -> verbs.unpause(id);
                        case 4 -> verbs.suspend(id);
                        case 5 -> verbs.resume(id);
                        case 6 -> verbs.rescue(id, engine.image());
                        case 7 -> verbs.unrescue(id);
                        case 8 -> verbs.rebuild(id, engine.image());
                        case 9 -> verbs.shelve(id);
                        case 10 -> verbs.unshelve(id, UnshelveSpec.anywhere());
                        case 11 -> verbs.resize(id, VerbTestBase.LARGE);
                        case 12 -> engine.compute().migrations().cold(id, Optional.empty(), NONE);
                        case 13 -> verbs.confirmResize(id);
                        case 14 -> verbs.revertResize(id);
                        case 15 ->
                            engine.compute()
                                    .migrations()
                                    .live(id, LiveMigrationSpec.builder().build());
                        case 16 -> verbs.backup(id, new BackupSpec("b", "daily", 1));
                        case 17 -> verbs.triggerCrashDump(id);
                        case 18 -> verbs.changePassword(id, AdminPassword.of("hunter2"));
                        default -> verbs.reboot(id, RebootKind.HARD);
                    });
        } catch (ComputeException e) {
            return Optional.empty();
        }
    }
}
