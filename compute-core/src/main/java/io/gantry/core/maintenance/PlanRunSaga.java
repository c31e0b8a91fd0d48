package io.gantry.core.maintenance;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.lifecycle.GuestStep;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Saga;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.PlanReport;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs a plan. The moves are operations of their own; this one begins them, waits for them, and records what became of them.
 * Undoing it undoes no move: what has been moved is where it was to be.
 */
final class PlanRunSaga implements Saga<PlanReport> {
    static final String VERB = "run-plan";

    private final Services services;
    private final HostScheduler scheduler;
    private final RunRequest request;
    private final Function<StepContext, MoveCalls> calls;

    PlanRunSaga(
            Services services, HostScheduler scheduler, RunRequest request, Function<StepContext, MoveCalls> calls) {
        this.services = services;
        this.scheduler = scheduler;
        this.request = request;
        this.calls = calls;
    }

    @Override
    public ResourceRef resource() {
        return request.drained().map(HostId::ref).orElseGet(() -> new ResourceRef("plan", "rebalance"));
    }

    @Override
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        request.drained()
                .ifPresent(host -> steps.add(GuestStep.in(
                        context -> new Lane.Control(), "disable-host", context -> disable(context, host))));
        steps.add(GuestStep.in(
                context -> new Lane.Waiting(),
                "move",
                context -> new PlanRun(services, scheduler, context, request, calls.apply(context)).run()));
        return steps;
    }

    @Override
    public boolean cancellable() {
        return true;
    }

    /** Who disabled the host before knows better why. */
    private void disable(StepContext context, HostId host) {
        context.change(tx -> {
            Table.Entry<HostRow> entry =
                    services.state().hosts().get(tx, host.value()).orElseThrow(() -> AccessControl.unknown(host.ref()));
            if (entry.value().disabledReason().isEmpty()) {
                services.state()
                        .hosts()
                        .update(tx, entry, entry.value().withDisabledReason(Optional.of(request.reason())));
            }
        });
    }

    @Override
    public PlanReport succeed(Transaction tx, StepContext context) {
        forget(tx, context);
        return new PlanReport(new MoveBook(services.state(), context, request).outcomes(), remaining(tx));
    }

    private List<InstanceId> remaining(Transaction tx) {
        return request.drained()
                .map(host -> services.state().instances().readable(tx).stream()
                        .filter(row -> PlanMaker.isThere(row, host))
                        .map(row -> row.instance().id())
                        .toList())
                .orElse(List.of());
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        forget(tx, context);
    }

    private void forget(Transaction tx, StepContext context) {
        services.state()
                .planRuns()
                .get(tx, context.operation().toString())
                .ifPresent(entry -> services.state().planRuns().delete(tx, entry));
    }
}
