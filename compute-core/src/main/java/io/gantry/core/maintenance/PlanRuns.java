package io.gantry.core.maintenance;

import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.VerbRegistry;
import io.gantry.core.migration.LiveMigrations;
import io.gantry.core.operation.OperationKind;
import io.gantry.core.operation.StepContext;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.identity.Caller;
import io.gantry.maintenance.Maintenance;
import io.gantry.maintenance.PlanReport;

/** The running of plans as a kind of operation, known to the engine that carries it on. */
public final class PlanRuns {
    private final Services services;
    private final VerbRegistry verbs;
    private final LiveMigrations live;
    private final HostScheduler scheduler;
    private final OperationKind<RunRequest, PlanReport> kind;

    /** Makes the running of plans known. */
    public PlanRuns(Services services, VerbRegistry verbs, LiveMigrations live, HostScheduler scheduler) {
        this.services = services;
        this.verbs = verbs;
        this.live = live;
        this.scheduler = scheduler;
        this.kind = services.operations()
                .register(new OperationKind<>(
                        PlanRunSaga.VERB,
                        RunRequest.class,
                        PlanReport.class,
                        request -> new PlanRunSaga(services, scheduler, request, context -> calls(context, request))));
    }

    private MoveCalls calls(StepContext context, RunRequest request) {
        return new MoveCalls(
                services,
                verbs,
                live,
                context.caller(),
                context.operation(),
                request.settings().moves());
    }

    /** {@return a caller's plans} */
    public Maintenance of(Caller caller) {
        return new MaintenanceVerbs(services, scheduler, kind, caller);
    }
}
