package io.gantry.core.maintenance;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.operation.Admission;
import io.gantry.core.operation.OperationKind;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.OperationRow;
import io.gantry.core.state.PlanRunRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.identity.Caller;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.Maintenance;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MovesUnderWay;
import io.gantry.maintenance.OnFailure;
import io.gantry.maintenance.PlanProgress;
import io.gantry.maintenance.PlanReport;
import io.gantry.maintenance.PlannedMove;
import io.gantry.maintenance.RebalancePolicy;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.store.Transaction;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** One caller's plans and their runs. */
final class MaintenanceVerbs implements Maintenance {
    private final Services services;
    private final State state;
    private final PlanMaker plans;
    private final OperationKind<RunRequest, PlanReport> kind;
    private final Caller caller;

    MaintenanceVerbs(
            Services services, HostScheduler scheduler, OperationKind<RunRequest, PlanReport> kind, Caller caller) {
        this.services = services;
        this.state = services.state();
        this.plans = new PlanMaker(services, scheduler);
        this.kind = kind;
        this.caller = caller;
    }

    @Override
    public MigrationPlan drain(HostId host, DrainSpec spec) {
        return plans.drain(host, spec, Set.of());
    }

    @Override
    public MigrationPlan rebalance(RebalancePolicy policy) {
        return plans.rebalance(policy);
    }

    @Override
    public Operation<PlanReport> run(MigrationPlan plan, OnFailure onFailure, RequestOptions options) {
        requireSound(plan);
        RunRequest request = RunRequest.of(plan, onFailure);
        return services.operations().submit(kind, request, caller, options, request, (tx, operation) -> {
            requireHosts(tx, plan);
            plan.drained().ifPresent(host -> requireUndrained(tx, host));
            state.planRuns().insert(tx, PlanRunRow.begun(operation, plan.drained()));
            return Admission.free();
        });
    }

    private static void requireSound(MigrationPlan plan) {
        Set<InstanceId> seen = new HashSet<>();
        int number = 0;
        for (PlannedMove move : plan.moves()) {
            if (move.number() != ++number) {
                throw new InvalidRequest(
                        "plan.moves.number", move.number(), "is not " + number, "Run a plan as it was made");
            }
            if (!seen.add(move.instance())) {
                throw new InvalidRequest(
                        "plan.moves.instance", move.instance(), "is moved twice", "Move each instance once");
            }
            if (move.source().equals(move.target())) {
                throw new InvalidRequest(
                        "plan.moves.target", move.target(), "is where the instance is", "Name another host");
            }
        }
    }

    private void requireHosts(Transaction tx, MigrationPlan plan) {
        Set<HostId> hosts = new TreeSet<>();
        plan.drained().ifPresent(hosts::add);
        plan.moves().forEach(move -> {
            hosts.add(move.source());
            hosts.add(move.target());
        });
        for (HostId host : hosts) {
            if (state.hosts().get(tx, host.value()).isEmpty()) {
                throw AccessControl.unknown(host.ref());
            }
        }
    }

    private void requireUndrained(Transaction tx, HostId host) {
        for (PlanRunRow row : state.planRuns().readable(tx)) {
            boolean runs = state.operations()
                    .get(tx, row.run().toString())
                    .filter(entry -> !entry.value().status().ended())
                    .isPresent();
            if (runs && row.drained().filter(host::equals).isPresent()) {
                throw new Conflict(
                        host.ref(),
                        "Host " + host + " is being drained by operation " + row.run(),
                        "Await that, or cancel it");
            }
        }
    }

    @Override
    public PlanProgress progress(OperationId run) {
        return state.read(tx -> {
            OperationRow row = state.operations()
                    .get(tx, run.toString())
                    .map(Table.Entry::value)
                    .filter(found -> found.verb().equals(PlanRunSaga.VERB))
                    .orElseThrow(() -> unknown(run));
            RunRequest request = state.json().read(row.request(), RunRequest.class);
            boolean paused = state.planRuns()
                    .get(tx, run.toString())
                    .filter(entry -> entry.value().paused())
                    .isPresent();
            return new PlanProgress(MoveBook.outcomes(request, row.data(), state), paused);
        });
    }

    @Override
    public void pause(OperationId run) {
        tell(run, row -> row.paused(true));
    }

    @Override
    public void resume(OperationId run) {
        tell(run, row -> row.paused(false));
    }

    @Override
    public void cancel(OperationId run, MovesUnderWay moves) {
        tell(run, row -> moves == MovesUnderWay.ABORT ? row.abort() : row);
        services.operations().get(run).cancel();
    }

    private void tell(OperationId run, UnaryOperator<PlanRunRow> change) {
        state.change(tx -> {
            Table.Entry<PlanRunRow> entry =
                    state.planRuns().get(tx, run.toString()).orElseThrow(() -> unknown(run));
            PlanRunRow after = change.apply(entry.value());
            if (!after.equals(entry.value())) {
                state.planRuns().update(tx, entry, after);
            }
        });
    }

    private static NotFound unknown(OperationId run) {
        return new NotFound(
                new ResourceRef("operation", run.toString()),
                "List the operations that run with compute.runningOperations(); a plan's is called "
                        + PlanRunSaga.VERB);
    }
}
