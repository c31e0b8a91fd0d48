package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.Maintenance;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveOutcome;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.MoveStatus;
import io.gantry.maintenance.PlanReport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plan waits for an instance that cannot be moved as long as its settings say. */
final class PlanPatienceTest extends VerbTestBase {
    @Test
    void anInstanceThatCannotBeMovedIsWaitedForAsLongAsThePlanSays() {
        Maintenance maintenance = engine.compute().maintenance();
        Instance web = running("web");
        MigrationPlan plan = maintenance.drain(
                h(1),
                DrainSpec.because("update")
                        .with(MoveSettings.builder().patience(Duration.ZERO).build()));
        await(instances().suspend(web.id()));

        PlanReport report = maintenance.run(plan).await(SimEngine.PATIENCE);

        assertEquals(
                List.of(MoveStatus.FAILED),
                report.moves().stream().map(MoveOutcome::status).toList());
        assertEquals(VmState.SUSPENDED, get(web.id()).state());
        assertThrows(
                InvalidRequest.class,
                () -> MoveSettings.builder().patience(Duration.ofSeconds(-1)).build());
    }
}
