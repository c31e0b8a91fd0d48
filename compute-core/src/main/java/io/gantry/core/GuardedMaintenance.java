package io.gantry.core;

import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.identity.Action;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.Maintenance;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MovesUnderWay;
import io.gantry.maintenance.OnFailure;
import io.gantry.maintenance.PlanProgress;
import io.gantry.maintenance.PlanReport;
import io.gantry.maintenance.RebalancePolicy;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;

/** Plans and their runs as far as a caller may make them. */
final class GuardedMaintenance implements Maintenance {
    private final Maintenance guarded;
    private final Guard guard;

    GuardedMaintenance(Maintenance guarded, Guard guard) {
        this.guarded = guarded;
        this.guard = guard;
    }

    @Override
    public MigrationPlan drain(HostId host, DrainSpec spec) {
        guard.require(Action.MAINTENANCE, host.ref());
        return guarded.drain(host, spec);
    }

    @Override
    public MigrationPlan rebalance(RebalancePolicy policy) {
        guard.require(Action.MAINTENANCE, new ResourceRef("plan", "rebalance"));
        return guarded.rebalance(policy);
    }

    @Override
    public Operation<PlanReport> run(MigrationPlan plan, OnFailure onFailure, RequestOptions options) {
        guard.require(
                Action.MAINTENANCE,
                plan.drained().map(HostId::ref).orElseGet(() -> new ResourceRef("plan", "rebalance")));
        return guarded.run(plan, onFailure, options);
    }

    @Override
    public PlanProgress progress(OperationId run) {
        require(run);
        return guarded.progress(run);
    }

    @Override
    public void pause(OperationId run) {
        require(run);
        guarded.pause(run);
    }

    @Override
    public void resume(OperationId run) {
        require(run);
        guarded.resume(run);
    }

    @Override
    public void cancel(OperationId run, MovesUnderWay moves) {
        require(run);
        guarded.cancel(run, moves);
    }

    private void require(OperationId run) {
        guard.require(Action.MAINTENANCE, new ResourceRef("operation", run.toString()));
    }
}
