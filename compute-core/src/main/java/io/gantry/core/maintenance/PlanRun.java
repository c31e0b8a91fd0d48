package io.gantry.core.maintenance;

import io.gantry.core.lifecycle.Services;
import io.gantry.core.operation.StepContext;
import io.gantry.core.planning.Planner;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.PlanRunRow;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MoveStatus;
import io.gantry.maintenance.OnFailure;
import io.gantry.maintenance.PlanProgress;
import io.gantry.migration.MigrationFailed;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationSuspended;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the moves of a plan, one run of the step; for its thread. What is under way are operations of their own: if this
 * process dies they go on or are undone by themselves, and the next run of the step finds them by their tokens.
 */
final class PlanRun {
    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);
    private static final long LOOK_MILLIS = 200;

    private final Services services;
    private final StepContext context;
    private final RunRequest request;
    private final MoveBook book;
    private final MoveCalls calls;
    private final PlanMaker plans;
    private final Duration patience;
    private final Map<Integer, Operation<?>> operations = new HashMap<>();
    private final Map<InstanceId, Long> busySince = new HashMap<>();
    private final Set<OperationId> aborted = new HashSet<>();

    /** The moves that were under way when this run of the step began: their control node went away. */
    private final Set<Integer> found = new HashSet<>();

    private Optional<PlanProgress> reported = Optional.empty();

    PlanRun(Services services, HostScheduler scheduler, StepContext context, RunRequest request, MoveCalls calls) {
        this.services = services;
        this.context = context;
        this.request = request;
        this.patience = request.settings().moves().patience();
        this.book = new MoveBook(services.state(), context, request);
        this.calls = calls;
        this.plans = new PlanMaker(services, scheduler);
    }

    /**
     * Makes the moves until all have ended, or the run is stopped and those under way have.
     *
     * @throws OperationCancelled if it was cancelled
     * @throws InterruptedException if the engine is being closed
     */
    void run() throws InterruptedException {
        for (MoveRecord move : book.with(MoveStatus.RUNNING)) {
            found.add(move.number());
            find(move);
        }
        while (true) {
            settleEnded();
            PlanRunRow told = book.told();
            Optional<ComputeException> stop = stop();
            boolean closing = services.operations().closing();
            if (stop.isEmpty() && isFailed()) {
                leaveOut("another move failed");
            }
            if (stop.isEmpty() && !closing && !told.paused()) {
                begin();
            }
            if (stop.isPresent() && told.aborting()) {
                abort();
            }
            report(told.paused());
            if (operations.isEmpty() && closing) {
                throw new InterruptedException("the engine is being closed");
            }
            if (operations.isEmpty() && stop.isPresent()) {
                leaveOut("the run was ended: " + stop.get().problem());
                throw stop.get();
            }
            if (operations.isEmpty() && book.with(MoveStatus.WAITING).isEmpty() && !told.paused() && !awaitArrivals()) {
                report(false);
                return;
            }
            pause();
        }
    }

    private Optional<ComputeException> stop() {
        try {
            context.checkCancelled();
            return Optional.empty();
        } catch (ComputeException e) {
            return Optional.of(e);
        }
    }

    private boolean isFailed() {
        return request.onFailure() == OnFailure.STOP
                && !book.with(MoveStatus.FAILED).isEmpty();
    }

    private void leaveOut(String why) {
        book.with(MoveStatus.WAITING).forEach(move -> book.settle(move.ended(MoveStatus.SKIPPED, why)));
    }

    /** Finds a move again that an earlier run of this step began, or was about to begin. */
    private void find(MoveRecord move) throws InterruptedException {
        Optional<Operation<?>> known = move.operation().flatMap(this::operation);
        if (known.isPresent()) {
            operations.put(move.number(), known.get());
        } else {
            submit(move);
        }
    }

    private Optional<Operation<?>> operation(OperationId id) {
        try {
            return Optional.of(services.operations().get(id));
        } catch (NotFound e) {
            LOG.debug("Operation {} ended so long ago that it is forgotten", id, e);
            return Optional.empty();
        }
    }

    private void begin() throws InterruptedException {
        for (MoveRecord move : book.ready()) {
            if (book.mayFit(move) && book.take(move)) {
                submit(book.get(move.number()));
            }
        }
    }

    /** Begins a move that holds its links. What has become of its instance meanwhile is looked at first. */
    private void submit(MoveRecord move) throws InterruptedException {
        Optional<InstanceRow> row = calls.row(move);
        Optional<HostId> host = row.flatMap(there -> there.instance().host());
        if (row.isEmpty()) {
            book.settle(move.ended(MoveStatus.SKIPPED, "the instance no longer exists"));
        } else if (calls.isUnconfirmed(move)) {
            confirm(move);
        } else if (host.equals(Optional.of(move.move().target()))) {
            book.settle(move.ended(MoveStatus.MOVED, ""));
        } else if (!host.equals(Optional.of(move.move().source()))) {
            book.settle(move.ended(
                    MoveStatus.SKIPPED,
                    "the instance is " + host.map(other -> "on host " + other).orElse("on no host") + " by now"));
        } else {
            ask(move);
        }
    }

    private void ask(MoveRecord move) throws InterruptedException {
        try {
            started(move, calls.begin(move));
        } catch (Conflict | InvalidState e) {
            busy(move, e);
        } catch (NotFound e) {
            again(move, e.problem());
        } catch (ComputeException e) {
            refused(move, e);
        } catch (IllegalStateException e) {
            closed(e);
        }
    }

    private void started(MoveRecord move, Operation<?> operation) {
        busySince.remove(move.move().instance());
        operations.put(move.number(), operation);
        book.note(move.by(operation.id()));
    }

    /** The verbs refuse everything once the engine is being closed. */
    private void closed(IllegalStateException e) throws InterruptedException {
        if (!services.operations().closing()) {
            throw e;
        }
        InterruptedException closing = new InterruptedException("the engine is being closed");
        closing.initCause(e);
        throw closing;
    }

    private void busy(MoveRecord move, ComputeException why) {
        long now = System.nanoTime();
        long since = busySince.computeIfAbsent(move.move().instance(), id -> now);
        book.settle(
                now - since > patience.toNanos()
                        ? move.ended(MoveStatus.FAILED, text(why))
                        : move.waitingFor(why.problem()));
    }

    /** A node without its lease begins nothing; whoever has it then goes on. */
    private void refused(MoveRecord move, ComputeException why) throws InterruptedException {
        if (why.code().equals("LEASE_LOST")) {
            InterruptedException lost = new InterruptedException(why.problem());
            lost.initCause(why);
            throw lost;
        }
        book.settle(move.ended(MoveStatus.FAILED, text(why)));
    }

    private void settleEnded() throws InterruptedException {
        for (Map.Entry<Integer, Operation<?>> under : Map.copyOf(operations).entrySet()) {
            CompletableFuture<?> future = under.getValue().toCompletableFuture();
            if (future.isDone()) {
                operations.remove(under.getKey());
                Optional<ComputeException> failure = failure(future);
                settle(book.get(under.getKey()), under.getValue(), failure);
            }
        }
    }

    private static Optional<ComputeException> failure(CompletableFuture<?> ended) throws InterruptedException {
        try {
            ended.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ComputeException failure) {
                return Optional.of(failure);
            }
            throw new IllegalStateException("A migration ended with what is no failure of the engine's", e);
        }
    }

    private void settle(MoveRecord move, Operation<?> operation, Optional<ComputeException> failure)
            throws InterruptedException {
        if (failure.isPresent() && failure.get() instanceof OperationSuspended) {
            throw new InterruptedException(failure.get().problem());
        }
        boolean confirming = !move.operation().equals(Optional.of(operation.id()));
        boolean there = calls.row(move)
                .flatMap(row -> row.instance().host())
                .equals(Optional.of(move.move().target()));
        if (confirming || (there && !calls.isUnconfirmed(move))) {
            book.settle(move.ended(
                    MoveStatus.MOVED,
                    failure.map(why -> (confirming ? "not confirmed: " : "") + text(why))
                            .orElse("")));
        } else if (failure.isEmpty() && move.move().kind() == MoveKind.COLD && calls.isUnconfirmed(move)) {
            confirm(move);
        } else if (failure.isEmpty()) {
            book.settle(move.ended(MoveStatus.MOVED, ""));
        } else if (failure.get() instanceof NoValidHost none) {
            again(move, none.problem());
        } else if (failure.get() instanceof OperationCancelled && aborted.contains(operation.id())) {
            book.settle(move.ended(
                    MoveStatus.SKIPPED,
                    "aborted; the instance is on host " + move.move().source()));
        } else if (failure.get() instanceof MigrationFailed && found.remove(move.number()) && move.attempt() == 1) {
            // What ended its migration was the end of a control node, and no fault of guest or hosts.
            book.settle(move.again(
                    move.move().target(), "begun anew: " + failure.get().problem()));
        } else {
            book.settle(move.ended(MoveStatus.FAILED, text(failure.get())));
        }
    }

    private void confirm(MoveRecord move) throws InterruptedException {
        try {
            operations.put(move.number(), calls.confirm(move));
        } catch (ComputeException e) {
            book.settle(move.ended(MoveStatus.MOVED, "not confirmed: " + text(e)));
        } catch (IllegalStateException e) {
            closed(e);
        }
    }

    /** The target cannot take the instance any more: another one is looked for, once. */
    private void again(MoveRecord move, String why) {
        if (move.attempt() > 1) {
            book.settle(move.ended(MoveStatus.FAILED, why));
            return;
        }
        List<RunRequest.Move> pending = book.with(MoveStatus.WAITING).stream()
                .map(MoveRecord::move)
                .filter(other -> !other.equals(move.move()))
                .toList();
        PlacementReport ranking;
        try {
            ranking = plans.again(move.move(), pending, request.settings().moves());
        } catch (ComputeException e) {
            book.settle(move.ended(MoveStatus.FAILED, text(e)));
            return;
        }
        List<HostId> accepted = HostScheduler.accepted(ranking);
        if (accepted.isEmpty()) {
            book.settle(move.ended(MoveStatus.FAILED, Planner.why(ranking)));
        } else {
            book.settle(move.again(accepted.get(0), "planned anew: " + why));
        }
    }

    private void abort() {
        for (Operation<?> operation : operations.values()) {
            if (aborted.add(operation.id())) {
                try {
                    operation.cancel();
                } catch (NotCancellable e) {
                    LOG.info("Operation {} ends, since it is past its point of no return", operation.id());
                    LOG.debug("The refusal", e);
                }
            }
        }
    }

    /**
     * Looks for what came to the drained host, or was busy, since the plan was made.
     *
     * @return whether there is anything to wait for
     */
    private boolean awaitArrivals() {
        if (request.drained().isEmpty() || isFailed()) {
            return false;
        }
        Set<InstanceId> known = book.all(move -> true).stream()
                .map(move -> move.move().instance())
                .collect(Collectors.toSet());
        MigrationPlan more = plans.drain(request.drained().get(), request.drain(), known);
        if (!more.isEmpty()) {
            book.add(more.moves().stream().map(RunRequest.Move::of).toList());
            return true;
        }
        long now = System.nanoTime();
        return more.unmovable().stream()
                .filter(left -> left.code().equals("BUSY"))
                .anyMatch(left -> now - busySince.computeIfAbsent(left.instance(), id -> now) < patience.toNanos());
    }

    private void report(boolean paused) {
        PlanProgress now = new PlanProgress(book.outcomes(), paused);
        if (!reported.equals(Optional.of(now))) {
            reported = Optional.of(now);
            long ended =
                    now.moves().stream().filter(move -> move.status().ended()).count();
            context.progress(
                    now.moves().isEmpty()
                            ? 100
                            : (int) (100 * ended / now.moves().size()),
                    now);
        }
    }

    private void pause() throws InterruptedException {
        CompletableFuture<?>[] under =
                operations.values().stream().map(Operation::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        if (under.length == 0) {
            Thread.sleep(LOOK_MILLIS);
            return;
        }
        try {
            CompletableFuture.anyOf(under).get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.trace("One of the moves of {} has failed, or none has ended yet", context.operation(), e);
        }
    }

    private static String text(ComputeException failure) {
        return failure.code() + ": " + failure.problem();
    }
}
