package io.gantry.core.migration;

import io.gantry.core.lifecycle.GuestStep;
import io.gantry.core.lifecycle.InstanceSaga;
import io.gantry.core.lifecycle.MoveClaims;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.Verb;
import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Ranking;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.sync.GuestLocator;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.error.Unsupported;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.migration.MigrationFailed;
import io.gantry.migration.MigrationPhase;
import io.gantry.migration.MigrationReport;
import io.gantry.migration.MigrationStatistics;
import io.gantry.operation.DeadlineExceeded;
import io.gantry.operation.OperationCancelled;
import io.gantry.placement.NoValidHost;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a guest live. Claims: at the start the source's claim passes to the operation and the target is claimed for the
 * instance, so that both hosts stay charged until it is known where the guest is. Nothing is written about where the
 * guest runs before both hosts have been asked.
 */
final class LiveMigrationSaga extends InstanceSaga<MigrationReport> {
    private static final Logger LOG = LoggerFactory.getLogger(LiveMigrationSaga.class);
    private static final Duration CALL = Duration.ofSeconds(60);

    /** The deadline is the engine's to keep; the driver's own bound is only for a copy that does not obey. */
    private static final Duration AFTER_DEADLINE = Duration.ofMinutes(2);

    /** How long a copy that another process started has to end, once it was asked to. */
    private static final Duration ABORT = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String TARGET = "target";
    private static final String OFFER = "offer";
    private static final String TICKET = "ticket";
    private static final String COPYING = "copying";
    private static final String STATISTICS = "statistics";
    private static final String IN_DOUBT = "in-doubt";
    private static final String MOVED = "moved";

    private final LiveMigration request;
    private final GuestLocator locator;
    private final TargetChecks checks;
    private final MoveClaims claims;
    private final PhaseClock phases = new PhaseClock();
    private volatile MigrationStatistics statistics = MigrationStatistics.NONE;

    LiveMigrationSaga(Services services, LiveMigration request) {
        super(services, Verb.LIVE_MIGRATE.word(), request.id());
        this.request = request;
        this.locator = new GuestLocator(services.hosts());
        this.checks = new TargetChecks(services.hosts());
        this.claims = new MoveClaims(services, id);
    }

    @Override
    public List<Step> steps() {
        return List.of(
                step("pre-check", this::preCheck)
                        .undo(context -> claims.giveBack(context, this::source, TARGET))
                        .verify(context -> target(context).isPresent()),
                step("prepare", this::prepare).undo(this::abandonTarget),
                step("copy", this::copy),
                step("verify", this::verify));
    }

    /** A step in the lane of migrations away from the source. */
    private GuestStep step(String name, GuestStep.Work work) {
        return GuestStep.in(context -> new Lane.Migration(source(context)), name, context -> {
            try {
                work.run(context);
            } catch (NoValidHost
                    | Unsupported
                    | OperationCancelled
                    | DeadlineExceeded
                    | MigrationFailed
                    | InterruptedException e) {
                throw e;
            } catch (ComputeException e) {
                throw failed(context, e);
            }
        });
    }

    /** The host that the instance is on until the move is settled. */
    private HostId source(StepContext context) {
        return host(context);
    }

    private void preCheck(StepContext context) {
        HostId source = source(context);
        InstanceRow row = row();
        if (!services.placer()
                .devices(row.instance().flavor(), row.boot().image())
                .isEmpty()) {
            throw new Unsupported(
                    id.ref(),
                    "LIVE_MIGRATION",
                    "it has PCI devices of its host, which cannot go along",
                    "Migrate it cold");
        }
        MigrationOffer offered = migrationSource(source).offer(id);
        Ranking ranking =
                services.placer().rank(row.placement(), request.target(), host -> checks.ruledOut(host, source));
        context.record(OFFER, offered);
        claims.take(
                context,
                source,
                ranking,
                host -> {
                    context.checkCancelled();
                    return checks.refused(host, offered);
                },
                chosen -> context.record(TARGET, chosen.value()));
    }

    private MigrationSource migrationSource(HostId source) {
        return services.hosts()
                .connection(source)
                .migrationSource()
                .orElseThrow(() -> new Unsupported(
                        source.ref(), "LIVE_MIGRATION", "its driver cannot do that", "Stop the instance first"));
    }

    private void prepare(StepContext context) {
        phases.enter(MigrationPhase.PREPARE);
        report(context);
        context.record(TICKET, migrationTarget(context).prepare(context.call(CALL), laidOut(context)));
    }

    private void abandonTarget(StepContext context) {
        if (context.recorded(IN_DOUBT).isPresent() || context.isRecorded(MOVED)) {
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
        if (context.recorded(COPYING).isPresent()) {
            endCopyOfPredecessor(context);
            context.record(MOVED, true);
            context.passPointOfNoReturn();
            return;
        }
        context.change(tx -> context.record(COPYING, ""));
        MigrationTuning tuning = new MigrationTuning(request.maxDowntime(), request.maxBandwidth());
        MigrationTicket ticket = context.recorded(TICKET, MigrationTicket.class).orElseThrow();
        CopyWatch watch = new CopyWatch(
                migrationSource(source(context))
                        .start(context.call(request.deadline().plus(AFTER_DEADLINE)), laidOut(context), ticket, tuning),
                request.deadline(),
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
        context.record(STATISTICS, statistics);
        context.record(MOVED, true);
        context.passPointOfNoReturn();
    }

    /**
     * Another process began the copy and went away: it is asked to stop, and whichever host has the guest then decides. It
     * is never begun a second time, since the first one may still be under way.
     */
    private void endCopyOfPredecessor(StepContext context) throws InterruptedException {
        HostId source = source(context);
        HostId target = target(context).orElseThrow();
        long end = System.nanoTime() + ABORT.toNanos();
        GuestLocator.Located located = locator.locate(id, source, target);
        while (!located.host().equals(Optional.of(target)) && System.nanoTime() < end) {
            migrationSource(source).abort(context.call(CALL), id);
            if (located.host().equals(Optional.of(source)) && !locator.isArriving(id, target)) {
                break;
            }
            Thread.sleep(LOOK.toMillis());
            located = locator.locate(id, source, target);
        }
        if (!located.host().equals(Optional.of(target))) {
            doubt(context, located);
            throw new MigrationFailed(
                    id.ref(),
                    MigrationPhase.PRE_COPY,
                    located.host().orElse(null),
                    "the control node that ran it went away",
                    null);
        }
        phases.copied(Duration.ZERO);
    }

    private static void doubt(StepContext context, GuestLocator.Located located) {
        if (located.host().isEmpty()) {
            context.record(IN_DOUBT, "");
        }
    }

    /** After a copy that failed: if the target runs the guest all the same, it has moved; otherwise it has not. */
    private void settleAfterFailure(StepContext context, ComputeException failure) {
        HostId target = target(context).orElseThrow();
        GuestLocator.Located located = locator.locate(id, source(context), target);
        if (!located.host().equals(Optional.of(target))) {
            doubt(context, located);
            if (located.host().isPresent()) {
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
        GuestLocator.Located located = locator.locate(id, source(context), target);
        if (!located.host().equals(Optional.of(target))) {
            doubt(context, located);
            throw new MigrationFailed(
                    id.ref(),
                    MigrationPhase.SWITCH,
                    located.host().orElse(null),
                    "the hypervisor reported success, but the target does not have the guest",
                    null);
        }
        context.record(POWER, located.power().name());
        phases.enter(MigrationPhase.POST);
        report(context);
    }

    @Override
    public MigrationReport succeed(Transaction tx, StepContext context) {
        HostId target = target(context).orElseThrow();
        claims.settle(tx, context);
        VmState before = rows.get(tx, id).value().instance().state();
        Instance moved = rows.change(tx, id, edit -> {
                    settle(edit, before, context);
                    edit.host(Optional.of(target)).moveTo(Optional.empty());
                })
                .instance();
        MigrationStatistics copied =
                context.recorded(STATISTICS, MigrationStatistics.class).orElse(MigrationStatistics.NONE);
        return new MigrationReport(
                moved,
                source(context),
                target,
                phases.total(),
                copied.downtime().orElse(Duration.ZERO),
                phases.timings(),
                copied);
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        if (undone) {
            edit.moveTo(Optional.empty());
        } else {
            // In doubt: both claims are the instance's until the guest is found, and moveTo says where to look.
            claims.leaveBoth(tx, context, source(context));
        }
    }

    @Override
    public void takenOver(StepContext context) {
        super.takenOver(context);
        target(context).ifPresent(target -> fence(context, target));
    }

    private MigrationFailed failed(StepContext context, ComputeException cause) {
        HostId source = source(context);
        HostId runsOn = target(context)
                .map(target -> locator.locate(id, source, target).host().orElse(null))
                .orElse(source);
        return new MigrationFailed(id.ref(), phases.phase(), runsOn, cause.getMessage(), cause);
    }

    private void report(StepContext context) {
        HostId source = source(context);
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

    /** The offer, with what the target is to know of where on it the guest goes. */
    private MigrationOffer laidOut(StepContext context) {
        return offer(context).withLayout(layouts.at(row(), target(context).orElseThrow()));
    }

    private static MigrationOffer offer(StepContext context) {
        return context.recorded(OFFER, MigrationOffer.class).orElseThrow();
    }
}
