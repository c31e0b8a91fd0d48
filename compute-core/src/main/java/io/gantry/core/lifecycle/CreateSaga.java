package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.placement.Placer;
import io.gantry.core.placement.Ranking;
import io.gantry.core.scheduler.Exclusion;
import io.gantry.core.state.InstanceRow;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.PowerState;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.placement.FilterResult;
import io.gantry.placement.Verdict;
import io.gantry.spi.store.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Creates an instance: a host, the image there, the guest, and power. Tries several hosts if hosts fail it. */
final class CreateSaga extends InstanceSaga<Instance> {
    static final String VERB = "create";

    private static final String FAILED_HOSTS = "failed-hosts";

    private final CreateRequest request;

    CreateSaga(Services services, CreateRequest request) {
        super(services, VERB, request.id());
        this.request = request;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                GuestStep.control("schedule", this::schedule)
                        .when(context -> context.recorded(HOST).isEmpty())
                        .undo(this::unschedule)
                        .verify(context -> context.recorded(HOST).isPresent()),
                onHost("cache-image", context -> cacheImages(context, host(context), request.boot())),
                onHost(
                                "create-guest",
                                context -> connection(context)
                                        .createGuest(context.call(PowerSteps.CALL), spec(row(), host(context))))
                        .undo(context -> connection(context).deleteGuest(context.call(PowerSteps.CALL), id)),
                onHost("start-guest", this::startGuest).brief());
    }

    /** Chooses a host and claims room there. */
    private void schedule(StepContext context) {
        Set<String> failed = failedHosts(context);
        Ranking ranking = request.forced()
                ? services.placer().force(request.placement(), request.host().orElseThrow())
                : services.placer().rank(request.placement(), request.host(), excluding(failed));
        services.placer().claim(ranking, Placer.Claim.of(context, id, context.operation(), (tx, host) -> {
            rows.change(tx, id, edit -> edit.host(Optional.of(host)).task(TaskState.SPAWNING));
            context.record(HOST, host.value());
        }));
    }

    private void unschedule(StepContext context) {
        context.change(tx -> {
            services.ledger().releaseAll(tx, Need.instance(id));
            rows.change(tx, id, edit -> edit.host(Optional.empty()));
        });
    }

    private static Exclusion excluding(Set<String> failed) {
        return failed.isEmpty()
                ? Exclusion.NONE
                : host -> failed.contains(host.id().value())
                        ? Optional.of(new FilterResult("Retry", Verdict.reject("ALREADY_FAILED", "", "")))
                        : Optional.empty();
    }

    private static Set<String> failedHosts(StepContext context) {
        return context.recorded(FAILED_HOSTS)
                .map(list -> Arrays.stream(list.split(",", -1)).collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    @Override
    public boolean retry(StepContext context, ComputeException failure) {
        // By code, since the failure may be another process's, read from the journal.
        boolean hostFailed = Set.of("HOST_UNREACHABLE", "OUTCOME_UNKNOWN", "HYPERVISOR_ERROR")
                .contains(failure.code());
        Optional<String> host = context.recorded(HOST);
        if (!hostFailed || host.isEmpty()) {
            return false;
        }
        services.buildFailures().failed(HostId.of(host.get()));
        if (request.host().isPresent()) {
            return false;
        }
        String failed = context.recorded(FAILED_HOSTS)
                .map(list -> list + "," + host.get())
                .orElse(host.get());
        context.record(FAILED_HOSTS, failed);
        context.forget(HOST);
        return failedHosts(context).size() < services.settings().maxAttempts();
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        context.recorded(HOST).map(HostId::of).ifPresent(services.buildFailures()::succeeded);
        return rows.change(tx, id, edit -> settle(edit, VmState.ACTIVE, context))
                .instance();
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        edit.state(VmState.ERROR, PowerState.NOSTATE);
    }
}
