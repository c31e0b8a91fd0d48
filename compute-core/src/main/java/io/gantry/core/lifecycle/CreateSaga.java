package io.gantry.core.lifecycle;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Saga;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.placement.Placer;
import io.gantry.core.sync.PowerRules;
import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.instance.Instance;
import io.gantry.instance.PowerState;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.placement.FilterResult;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.Transaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates an instance: a host, the image there, the guest, and power. Tries up to three hosts. */
final class CreateSaga implements Saga<Instance> {
    static final String VERB = "create";

    private static final String HOST = "host";
    private static final String FAILED_HOSTS = "failed-hosts";
    private static final int MAX_ATTEMPTS = 3;
    private static final Duration IMAGE_TIMEOUT = Duration.ofHours(1);

    private final Services services;
    private final InstanceRows rows;
    private final Placer placer;
    private final CreateRequest request;

    CreateSaga(Services services, Placer placer, CreateRequest request) {
        this.services = services;
        this.rows = new InstanceRows(services.state(), services.clock());
        this.placer = placer;
        this.request = request;
    }

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public ResourceRef resource() {
        return request.id().ref();
    }

    @Override
    public boolean cancellable() {
        return true;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                new Schedule(),
                new OnHost("cache-image", this::cacheImages),
                new CreateGuest(),
                new OnHost("start-guest", this::startGuest));
    }

    private HostId host(StepContext context) {
        return HostId.of(context.recorded(HOST).orElseThrow());
    }

    /** Chooses a host and claims room there. */
    private final class Schedule implements Step {
        @Override
        public String name() {
            return "schedule";
        }

        @Override
        public Lane lane(StepContext context) {
            return new Lane.Control();
        }

        @Override
        public void run(StepContext context) {
            Set<String> failed = failedHosts(context);
            PlacementReport ranking =
                    placer.rank(request.placement(), request.host(), host -> alreadyFailed(host, failed));
            HostId host = placer.claim(
                    request.id(),
                    ranking,
                    Need.of(request.flavor(), request.rootDisk()),
                    candidate -> Optional.empty(),
                    (tx, chosen) -> rows.change(
                            tx,
                            request.id(),
                            row -> row.withHost(
                                            Optional.of(chosen),
                                            services.clock().instant())
                                    .withTask(
                                            TaskState.SPAWNING,
                                            context.operation(),
                                            services.clock().instant())));
            context.record(HOST, host.value());
        }

        @Override
        public void undo(StepContext context) {
            services.state().change(tx -> {
                services.ledger().releaseAll(tx, Need.instance(request.id()));
                rows.change(
                        tx,
                        request.id(),
                        row -> row.withHost(Optional.empty(), services.clock().instant()));
            });
        }
    }

    private static Optional<FilterResult> alreadyFailed(HostView host, Set<String> failed) {
        return failed.contains(host.id().value())
                ? Optional.of(new FilterResult("Retry", Verdict.reject("ALREADY_FAILED", "", "")))
                : Optional.empty();
    }

    private static Set<String> failedHosts(StepContext context) {
        return context.recorded(FAILED_HOSTS)
                .map(list -> Arrays.stream(list.split(",", -1)).collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    /** A step on the chosen host that needs no undoing of its own. */
    private class OnHost implements Step {
        private final String name;
        private final GuestStep.Work work;

        OnHost(String name, GuestStep.Work work) {
            this.name = name;
            this.work = work;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Lane lane(StepContext context) {
            return new Lane.OnHost(host(context));
        }

        @Override
        public void run(StepContext context) throws Exception {
            work.run(context, services.hosts().connection(host(context)));
        }
    }

    /** Makes the guest; its undoing removes the guest whether or not it was started. */
    private final class CreateGuest extends OnHost {
        CreateGuest() {
            super("create-guest", CreateSaga.this::createGuest);
        }

        @Override
        public void undo(StepContext context) {
            services.hosts().connection(host(context)).deleteGuest(context.call(PowerSteps.CALL), request.id());
        }
    }

    private void cacheImages(StepContext context, HostConnection connection) throws IOException {
        for (Image image : request.images()) {
            context.checkCancelled();
            connection.cacheImage(context.call(IMAGE_TIMEOUT), services.images().source(image));
        }
    }

    private void createGuest(StepContext context, HostConnection connection) {
        GuestSpec.Builder guest = GuestSpec.builder(request.id(), request.name(), request.flavor(), request.image())
                .rootDisk(request.rootDisk());
        request.kernel()
                .flatMap(kernel -> request.ramdisk()
                        .map(ramdisk -> new GuestSpec.DirectBoot(
                                kernel, ramdisk, request.image().properties().getOrDefault(Image.OS_COMMAND_LINE, ""))))
                .ifPresent(guest::directBoot);
        connection.createGuest(context.call(PowerSteps.CALL), guest.build());
    }

    private void startGuest(StepContext context, HostConnection connection) {
        connection.startGuest(context.call(PowerSteps.CALL), request.id());
        PowerSteps.lookForRunning(
                context, connection, request.id(), host(context).value());
    }

    @Override
    public boolean retry(StepContext context, ComputeException failure) {
        boolean hostFailed = failure instanceof HostUnreachable || failure instanceof HypervisorError;
        Optional<String> host = context.recorded(HOST);
        if (!hostFailed || host.isEmpty() || request.host().isPresent()) {
            return false;
        }
        String failed = context.recorded(FAILED_HOSTS)
                .map(list -> list + "," + host.get())
                .orElse(host.get());
        context.record(FAILED_HOSTS, failed);
        context.forget(HOST);
        return failedHosts(context).size() < MAX_ATTEMPTS;
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        PowerState power =
                PowerState.valueOf(context.recorded(InstanceSaga.POWER).orElseThrow());
        return rows.change(
                tx,
                request.id(),
                row -> row.withState(
                                PowerRules.ofGuest(VmState.ACTIVE, power),
                                power,
                                services.clock().instant())
                        .withoutTask(services.clock().instant()));
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        rows.change(
                tx,
                request.id(),
                row -> row.withState(
                                VmState.ERROR,
                                PowerState.NOSTATE,
                                services.clock().instant())
                        .withFault(
                                Optional.of(InstanceSaga.fault(services, failure)),
                                services.clock().instant())
                        .withoutTask(services.clock().instant()));
    }

    @Override
    public void begun() {
        InstanceSaga.announce(services, request.id(), VERB, null);
    }

    @Override
    public void ended(@Nullable Instance result, @Nullable ComputeException failure) {
        InstanceSaga.announce(services, request.id(), VERB, failure);
    }
}
