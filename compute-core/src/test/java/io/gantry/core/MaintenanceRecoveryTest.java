package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.Maintenance;
import io.gantry.maintenance.MoveOutcome;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.MoveStatus;
import io.gantry.maintenance.PlanReport;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a plan's run when its engine goes away, while moves are under way and others wait. */
final class MaintenanceRecoveryTest {
    private static final int GUESTS = 5;
    private static final HostId H1 = HostId.of("h1");

    private final List<Instance> guests = new ArrayList<>();

    @TempDir
    Path directory;

    private SimEngine first;

    @BeforeEach
    void open() {
        first = SimEngine.open(directory, 3, MaintenanceRecoveryTest::settings);
        first.compute()
                .flavors()
                .create(Flavor.builder("slow")
                        .memory(MemorySize.mib(256))
                        .disk(DiskSize.gib(1))
                        .extraSpec("sim:resident_mib", "100")
                        .build());
        for (int n = 0; n < GUESTS; n++) {
            guests.add(first.compute()
                    .instances()
                    .create(first.spec("g" + n).flavor("slow").host(H1).build())
                    .await(SimEngine.PATIENCE));
        }
    }

    private static ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.syncInterval(Duration.ofMillis(200)).shutdownTimeout(Duration.ofMillis(100));
    }

    private Operation<PlanReport> begin() {
        Maintenance maintenance = first.compute().maintenance();
        DrainSpec spec = DrainSpec.because("test")
                .with(MoveSettings.builder()
                        .perSource(1)
                        .overhead(Duration.ZERO)
                        .build());
        return maintenance.run(maintenance.drain(H1, spec));
    }

    private static long count(SimEngine engine, OperationId run, MoveStatus status) {
        return engine.compute().maintenance().progress(run).count(status);
    }

    @Test
    void anEngineThatTakesOverMakesTheOtherMoves() {
        OperationId run = begin().id();
        SimEngine.await(
                "one is moved and another one is under way",
                () -> count(first, run, MoveStatus.MOVED) >= 1 && first.fleet().migrations() == 1);

        // Its threads are stopped where they are; the copy goes on, and nobody watches it.
        first.leave();

        try (SimEngine second = first.another(MaintenanceRecoveryTest::settings)) {
            PlanReport report = (PlanReport) second.compute().operation(run).await(SimEngine.PATIENCE);

            assertTrue(report.isComplete(), report::toString);
            assertEquals(GUESTS, report.moves().size(), "no move was added or lost");
            for (MoveOutcome move : report.moves()) {
                assertEquals(
                        Optional.of(move.target()),
                        second.compute().instances().get(move.instance()).host());
            }
            assertIntact(second);
        }
    }

    @Test
    void aPauseOutlastsTheEngine() {
        OperationId run = begin().id();
        SimEngine.await("a move is under way", () -> first.fleet().migrations() == 1);
        first.compute().maintenance().pause(run);
        SimEngine.await("it ends", () -> count(first, run, MoveStatus.RUNNING) == 0);
        long moved = count(first, run, MoveStatus.MOVED);
        first.leave();

        try (SimEngine second = first.another(MaintenanceRecoveryTest::settings)) {
            SimEngine.await(
                    "the run is carried on, paused",
                    () -> second.compute().operation(run).progress().detail().isPresent());
            assertTrue(second.compute().maintenance().progress(run).paused());
            assertEquals(moved, count(second, run, MoveStatus.MOVED));
            second.compute().maintenance().resume(run);

            PlanReport report = (PlanReport) second.compute().operation(run).await(SimEngine.PATIENCE);

            assertTrue(report.isComplete(), report::toString);
            assertIntact(second);
        }
    }

    private void assertIntact(SimEngine engine) {
        assertEquals(0, engine.claimedInstances(1));
        for (Instance guest : guests) {
            assertEquals(1, engine.fleet().copies(guest.id()).size(), "it is there once");
            assertTrue(engine.fleet().verify(guest.id()).intact(), "no page is lost");
        }
        SimEngine.await("the audit is empty", () -> engine.compute().audit().isEmpty());
        assertEquals(0, engine.rows("plan-run"));
    }
}
