package io.gantry.core.migration;

import io.gantry.core.lifecycle.InstanceRows;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.Verb;
import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Saga;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.placement.Placer;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.sync.GuestLocator;
import io.gantry.core.sync.PowerRules;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.error.ResourceRef;
import io.gantry.error.Unsupported;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.migration.MigrationFailed;
import io.gantry.migration.MigrationPhase;
import io.gantry.migration.MigrationReport;
import io.gantry.migration.MigrationStatistics;
import io.gantry.operation.OperationCancelled;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a guest live. Claims: at the start the source's claim passes to the operation and the target is claimed for the
 * instance, so that both hosts stay charged until it is known where the guest is. Nothing is written about where the
 * guest runs before both hosts have been asked.
 */
final class LiveMigrationSaga implements Saga<MigrationReport> {
    private static final Logger LOG = LoggerFactory.getLogger(LiveMigrationSaga.class);
    private static final Duration CALL = Duration.ofSeconds(60);
    /** The deadline is the engine's to keep; the driver's own bound is only for a copy that does not obey. */
    private static final Duration AFTER_DEADLINE = Duration.ofMinutes(2);

    private static final String TARGET = "target";

    private final Services services;
    private final InstanceRows rows;
    private final Placer placer;
    private final LiveMigrationSpec spec;
    private final Instance instance;
    private final InstanceId id;
    private final HostId source;
    private final GuestLocator locator;
    private final TargetChecks checks;
    private final PhaseClock phases = new PhaseClock();

    // What one step leaves for the next ones; steps run one after another.
    private volatile @Nullable MigrationOffer offer;
    private volatile @Nullable MigrationTicket ticket;
    private volatile MigrationStatistics statistics = MigrationStatistics.NONE;
    private volatile PowerState power = PowerState.NOSTATE;
    private volatile boolean inDoubt;

    LiveMigrationSaga(Services services, Placer placer, LiveMigrationSpec spec, Instance instance) {
        this.services = services;
        this.rows = new InstanceRows(services.state(), services.clock());
        this.placer = placer;
        this.spec = spec;
        this.instance = instance;
        this.id = instance.id();
        this.source = instance.host().orElseThrow(() -> new IllegalStateException("A running instance has a host"));
        this.locator = new GuestLocator(services.hosts());
        this.checks = new TargetChecks(services.hosts());
    }

    @Override
    public String verb() {
        return Verb.LIVE_MIGRATE.word();
    }

    @Override
    public ResourceRef resource() {
        return id.ref();
    }

    @Override
    public boolean cancellable() {
        return true;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                new MigrationStep("pre-check", this::preCheck, this::releaseTarget),
                new MigrationStep("prepare", this::prepare, this::abandonTarget),
                new MigrationStep("copy", this::copy, context -> {}),
                new MigrationStep("verify", this::verify, context -> {}));
    }

    /** What a step does. */
    private interface Work {
        void run(StepContext context) throws Exception;
    }

    /** A step in the lane of migrations away from the source. */
    private final class MigrationStep implements Step {
        private final String name;
        private final Work work;
        private final Work undo;

        MigrationStep(String name, Work work, Work undo) {
            this.name = name;
            this.work = work;
            this.undo = undo;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Lane lane(StepContext context) {
            return new Lane.Migration(source);
        }

        @Override
        public void run(StepContext context) throws Exception {
            try {
                work.run(context);
            } catch (NoValidHost | Unsupported | OperationCancelled | MigrationFailed | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw failed(context, e);
            }
        }

        @Override
        public void undo(StepContext context) throws Exception {
            undo.run(context);
        }
    }

    private void preCheck(StepContext context) {
        HostConnection connection = services.hosts().connection(source);
        MigrationSource from = connection
                .migrationSource()
                .orElseThrow(() -> new Unsupported(
                        source.ref(), "LIVE_MIGRATION", "its driver cannot do that", "Stop the instance first"));
        MigrationOffer offered = from.offer(id);
        Image image = services.images().get(instance.image());
        ClaimRow held = services.state()
                .transact(tx -> services.ledger().claims(tx, Need.instance(id)).stream()
                        .filter(claim -> claim.host().equals(source))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalStateException("Instance " + id + " holds no claim on " + source)));
        PlacementRequest request = new PlacementRequest(id, instance.flavor(), held.disk(), image, instance.metadata());
        PlacementReport ranking = placer.rank(request, spec.target(), host -> checks.ruledOut(host, source));
        HostId target = placer.claim(
                id,
                ranking,
                new Need(held.vcpus(), held.memory(), held.disk()),
                host -> {
                    context.checkCancelled();
                    return checks.refused(host, offered);
                },
                (tx, chosen) -> {
                    services.ledger().pass(tx, Need.instance(id), Need.migration(context.operation()), source);
                    rows.change(tx, id, row -> row.withMoveTo(Optional.of(chosen)));
                });
        context.record(TARGET, target.value());
        offer = offered;
    }

    private void releaseTarget(StepContext context) {
        services.state().change(tx -> {
            target(context).ifPresent(target -> services.ledger().release(tx, Need.instance(id), target));
            services.ledger().pass(tx, Need.migration(context.operation()), Need.instance(id), source);
            rows.change(tx, id, row -> row.withMoveTo(Optional.empty()));
        });
    }

    private void prepare(StepContext context) {
        phases.enter(MigrationPhase.PREPARE);
        report(context);
        ticket = migrationTarget(context).prepare(context.call(CALL), required(offer));
    }

    private void abandonTarget(StepContext context) {
        if (inDoubt) {
            throw new Conflict(
                    id.ref(),
                    "The migration is not undone while it is not known where the guest is",
                    "Bring one of the two hosts back; the engine then looks again");
        }
        try {
            migrationTarget(context).abandon(context.call(CALL), id);
        } catch (HostUnreachable e) {
            // The guest is known to be on the source; what may be left on the target is removed when it answers again.
            LOG.warn("Target {} could not be cleaned after the migration of {}", target(context), id, e);
        }
    }

    private void copy(StepContext context) throws InterruptedException {
        phases.enter(MigrationPhase.PRE_COPY);
        report(context);
        MigrationSource from =
                services.hosts().connection(source).migrationSource().orElseThrow();
        MigrationTuning tuning = new MigrationTuning(spec.maxDowntime(), spec.maxBandwidth());
        CopyWatch watch = new CopyWatch(
                from.start(
                        context.call(spec.deadline().plus(AFTER_DEADLINE)), required(offer), required(ticket), tuning),
                spec.deadline(),
                sample -> {
                    statistics = sample;
                    report(context);
                });
        try {
            statistics = watch.await(context::cancelRequested);
            phases.copied(statistics.downtime().orElse(Duration.ZERO));
        } catch (ComputeException e) {
            settleAfterFailure(context, e);
        }
        context.passPointOfNoReturn();
    }

    /** After a copy that failed: if the target runs the guest all the same, it has moved; otherwise it has not. */
    private void settleAfterFailure(StepContext context, ComputeException failure) {
        HostId target = target(context).orElseThrow();
        GuestLocator.Located located = locator.locate(id, source, target);
        if (!located.host().equals(Optional.of(target))) {
            inDoubt = located.host().isEmpty();
            if (!inDoubt) {
                context.checkCancelled();
            }
            throw new MigrationFailed(
                    id.ref(), phases.phase(), located.host().orElse(null), failure.getMessage(), failure);
        }
        LOG.warn("Migration of {} reported a failure, but {} runs the guest", id, target, failure);
        phases.copied(Duration.ZERO);
    }

    private void verify(StepContext context) {
        report(context);
        HostId target = target(context).orElseThrow();
        GuestLocator.Located located = locator.locate(id, source, target);
        if (!located.host().equals(Optional.of(target))) {
            inDoubt = located.host().isEmpty();
            throw new MigrationFailed(
                    id.ref(),
                    MigrationPhase.SWITCH,
                    located.host().orElse(null),
                    "the hypervisor reported success, but the target does not have the guest",
                    null);
        }
        power = located.power();
        phases.enter(MigrationPhase.POST);
        report(context);
    }

    @Override
    public MigrationReport succeed(Transaction tx, StepContext context) {
        HostId target = target(context).orElseThrow();
        services.ledger().releaseAll(tx, Need.migration(context.operation()));
        Instance moved = rows.change(
                tx,
                id,
                row -> cleared(
                        row.withHost(Optional.of(target), services.clock().instant())
                                .withState(
                                        PowerRules.ofGuest(instance.state(), power),
                                        power,
                                        services.clock().instant())
                                .withFault(Optional.empty(), services.clock().instant())));
        return new MigrationReport(
                moved,
                source,
                target,
                phases.total(),
                statistics.downtime().orElse(Duration.ZERO),
                phases.timings(),
                statistics);
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        boolean located = !(failure instanceof MigrationFailed failed)
                || failed.whereTheGuestRuns().isPresent();
        InstanceFault fault = new InstanceFault(
                failure.code(), failure.getMessage(), services.clock().instant());
        if (!undone) {
            // In doubt: both claims are the instance's until the guest is found, and moveTo says where to look.
            services.ledger().pass(tx, Need.migration(context.operation()), Need.instance(id), source);
        }
        rows.change(tx, id, row -> {
            InstanceRow kept =
                    row.withFault(Optional.of(fault), services.clock().instant());
            return undone && located
                    ? cleared(kept)
                    : kept.withoutTask(services.clock().instant());
        });
    }

    private InstanceRow cleared(InstanceRow row) {
        return row.withMoveTo(Optional.empty()).withoutTask(services.clock().instant());
    }

    @Override
    public void begun() {
        announce();
    }

    @Override
    public void ended(@Nullable MigrationReport result, @Nullable ComputeException failure) {
        Instance now = announce();
        services.sync().afterVerb(now, failure != null);
    }

    private Instance announce() {
        Instance now = services.state().transact(tx -> rows.get(tx, id).value().instance());
        services.events().changed(now, verb());
        return now;
    }

    private MigrationFailed failed(StepContext context, Exception cause) {
        HostId runsOn = target(context)
                .map(target -> locator.locate(id, source, target).host().orElse(null))
                .orElse(source);
        return new MigrationFailed(id.ref(), phases.phase(), runsOn, String.valueOf(cause.getMessage()), cause);
    }

    private void report(StepContext context) {
        MigrationProgresses.report(
                context, phases.phase(), source, target(context).orElse(source), statistics);
    }

    private MigrationTarget migrationTarget(StepContext context) {
        return services.hosts()
                .connection(target(context).orElseThrow())
                .migrationTarget()
                .orElseThrow();
    }

    private static Optional<HostId> target(StepContext context) {
        return context.recorded(TARGET).map(HostId::of);
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("An earlier step left nothing");
        }
        return value;
    }
}
