package io.gantry.core.operation;

import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.error.ComputeException;
import io.gantry.error.UnexpectedFailure;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationStatus;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StoreUnavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one saga: each step in its lane, journaled before and after; undone in reverse when one fails. Where the journal
 * cannot be written, or belongs to somebody else, the run stops where it is: whoever owns the operation then carries on
 * from the journal.
 */
final class OperationRun<T> {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRun.class);

    private final OperationHandle<T> handle;
    private final Saga<T> saga;
    private final StepContext context;
    private final List<Step> steps;
    private final Journal journal;
    private final State state;
    private final Lanes lanes;
    private final OperationProbe probe;
    private final Failures failures;
    private final Ends<T> ends;

    /** Brief steps that no entry names yet. A step's thread hands the run on to that of the next one. */
    private final List<Passed> passed = new ArrayList<>();

    private @Nullable OperationRow entered;

    private record Passed(String step, Instant begun) {}

    /** Told how a run ends. */
    interface Ends<T> {
        /** The operation has ended, and that is recorded. */
        void ended(OperationHandle<T> handle);

        /** The run stops; the operation has not ended. */
        void stopped(OperationHandle<T> handle, Throwable why);
    }

    OperationRun(
            OperationHandle<T> handle,
            Saga<T> saga,
            OperationRow row,
            Journal journal,
            State state,
            Lanes lanes,
            OperationProbe probe,
            Ends<T> ends) {
        this.handle = handle;
        this.saga = saga;
        this.journal = journal;
        this.context = new StepContext(handle, journal, state.json(), row);
        this.steps = saga.steps();
        this.state = state;
        this.lanes = lanes;
        this.probe = probe;
        this.failures = new Failures(state.json());
        this.ends = ends;
    }

    /** {@return the operation as its owner sees it} */
    OperationHandle<T> handle() {
        return handle;
    }

    /** {@return the entry of an operation that is being accepted, with its first step begun} */
    OperationRow entered(OperationRow accepted) {
        int first = needed(0);
        if (first == steps.size() || steps.get(first).isBrief()) {
            return accepted;
        }
        entered = begun(accepted, first);
        return entered;
    }

    /** Begins an operation that was just accepted. */
    void begin() {
        follow(saga::begun);
        forward(0);
    }

    /** Carries on an operation from the journal. */
    void resume(OperationRow row) {
        if (row.undoing()) {
            ComputeException failure = failures.failure(row);
            context.backwards();
            if (row.committed()) {
                conclude(failure, false);
            } else {
                resumeIn(row.step(), () -> backward(row.step(), failure));
            }
        } else if (row.step() < 0) {
            forward(0);
        } else if (row.step() >= steps.size()) {
            forward(steps.size());
        } else {
            resumeIn(row.step(), () -> verify(row.step()));
        }
    }

    private void resumeIn(int index, Runnable next) {
        if (index < 0 || index >= steps.size()) {
            next.run();
            return;
        }
        inLane(steps.get(index), () -> {
            follow(() -> saga.takenOver(context));
            next.run();
        });
    }

    private void verify(int index) {
        boolean done;
        try {
            done = steps.get(index).verify(context);
        } catch (Exception e) {
            if (stops(e)) {
                return;
            }
            LOG.info(
                    "Whether step {} of {} is done cannot be told; it runs again",
                    steps.get(index).name(),
                    handle.id(),
                    e);
            done = false;
        }
        if (done) {
            forward(index + 1);
        } else {
            doStep(index);
        }
    }

    private int needed(int from) {
        int index = from;
        while (index < steps.size() && !steps.get(index).isNeeded(context)) {
            index++;
        }
        return index;
    }

    private void forward(int from) {
        int index = needed(from);
        if (index == steps.size()) {
            succeed();
            return;
        }
        inLane(steps.get(index), () -> doStep(index));
    }

    private void doStep(int index) {
        Step step = steps.get(index);
        try {
            context.checkCancelled();
        } catch (ComputeException e) {
            failing(index - 1, e);
            return;
        }
        try {
            enter(index);
        } catch (RuntimeException e) {
            stop(e);
            return;
        }
        handle.step(step.name());
        try {
            context.checkCancelled();
            tell(step, Phase.BEGUN);
            step.run(context);
            tell(step, Phase.DONE);
        } catch (Exception | LinkageError | AssertionError e) {
            if (!stops(e)) {
                failing(index, typed("Step " + step.name(), e));
            }
            return;
        }
        forward(index + 1);
    }

    /** Journals that a step is begun, unless that is done already or it needs no entry. */
    private void enter(int index) {
        if (steps.get(index).isBrief()) {
            passed.add(new Passed(steps.get(index).name(), journal.now()));
            return;
        }
        OperationRow row = entered == null ? write(at -> begun(at, index)) : entered;
        entered = null;
        if (row.cancelRequested()) {
            handle.noteCancel();
        }
        if (row.committed()) {
            context.committed();
        }
    }

    private OperationRow begun(OperationRow at, int index) {
        Step step = steps.get(index);
        OperationRow begun = at.begun(index, step.name(), context.data(), journal.now());
        boolean cancelled = at.cancelRequested() && saga.cancellable();
        return step.commits() && !cancelled ? begun.committed(journal.now()) : begun;
    }

    /** Writes the entry, after what the brief steps before left to it. */
    private OperationRow write(UnaryOperator<OperationRow> change) {
        OperationRow row = journal.write(at -> change.apply(caughtUp(at)));
        passed.clear();
        return row;
    }

    private OperationRow caughtUp(OperationRow at) {
        OperationRow row = at;
        for (Passed step : passed) {
            row = row.passing(step.step(), step.begun());
        }
        return row;
    }

    private void succeed() {
        T result;
        try {
            result = journal.transact((tx, entry) -> {
                T yielded = saga.succeed(tx, context);
                OperationRow after = caughtUp(entry.value())
                        .succeeded(Optional.of(state.json().write(yielded)), context.data(), journal.now());
                journal.update(tx, entry, after);
                saga.log(tx, after);
                return yielded;
            });
        } catch (RuntimeException e) {
            if (e instanceof ComputeException failure && !isOfStore(e)) {
                failing(steps.size() - 1, failure);
            } else {
                stop(e);
            }
            return;
        }
        tellEnd();
        follow(() -> saga.ended(result, null));
        ends.ended(handle);
        handle.succeed(result);
    }

    /** {@return whether the store failed, rather than what was done: all of that is done, and recorded later} */
    private static boolean isOfStore(RuntimeException failure) {
        return failure instanceof StaleRow || failure instanceof StoreUnavailable;
    }

    /** Journals that the steps up to one are undone from now on, and why; past the point of no return none is. */
    private void failing(int index, ComputeException failure) {
        try {
            write(at -> at.failing(failures.row(failure), context.data(), journal.now()));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            stop(failure);
            return;
        }
        context.backwards();
        if (context.isCommitted()) {
            conclude(failure, false);
        } else {
            backward(index, failure);
        }
    }

    private void backward(int index, ComputeException failure) {
        if (index < 0) {
            conclude(failure, true);
            return;
        }
        inLane(steps.get(index), () -> undoStep(index, failure));
    }

    private void undoStep(int index, ComputeException failure) {
        Step step = steps.get(index);
        try {
            journal.write(at -> at.begun(index, step.name(), context.data(), journal.now()));
        } catch (RuntimeException e) {
            stop(e);
            return;
        }
        handle.step("undo " + step.name());
        try {
            tell(step, Phase.UNDOING);
            step.undo(context);
            tell(step, Phase.UNDONE);
        } catch (Exception | LinkageError | AssertionError e) {
            if (stops(e)) {
                return;
            }
            LOG.warn("Operation {} ({}) could not undo {}", handle.id(), handle.verb(), step.name(), e);
            failure.addSuppressed(e);
            conclude(failure, false);
            return;
        }
        backward(index - 1, failure);
    }

    private void conclude(ComputeException failure, boolean undone) {
        try {
            if (undone && !handle.cancelRequested() && saga.retry(context, failure)) {
                LOG.info("Operation {} ({}) begins again after: {}", handle.id(), handle.verb(), failure.getMessage());
                journal.write(at -> at.again(context.data(), journal.now()));
                context.forwards();
                forward(0);
                return;
            }
            OperationStatus end =
                    failure instanceof OperationCancelled ? OperationStatus.CANCELLED : OperationStatus.FAILED;
            journal.<Object>transact((tx, entry) -> {
                saga.fail(tx, context, failure, undone);
                OperationRow after =
                        entry.value().failed(end, failures.row(failure), undone ? "UNDONE" : "FAILED", journal.now());
                journal.update(tx, entry, after);
                saga.log(tx, after);
                return after;
            });
            tellEnd();
            follow(() -> saga.ended(null, failure));
            ends.ended(handle);
            handle.fail(end, failure);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            stop(failure);
        }
    }

    private void tell(Step step, Phase phase) throws Exception {
        probe.at(new OperationProbe.Point(handle.id(), handle.verb(), step.name(), phase));
    }

    private void tellEnd() {
        try {
            probe.at(new OperationProbe.Point(handle.id(), handle.verb(), handle.verb(), Phase.ENDED));
        } catch (Exception e) {
            LOG.warn("The probe threw at the end of operation {}", handle.id(), e);
        }
    }

    private void follow(Runnable notice) {
        try {
            notice.run();
        } catch (RuntimeException e) {
            LOG.error("What follows on operation {} ({}) failed", handle.id(), handle.verb(), e);
        }
    }

    private void inLane(Step step, Runnable work) {
        try {
            lanes.executor(step.lane(context)).execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("The run of operation {} ({}) broke off", handle.id(), handle.verb(), e);
                    stop(e);
                }
            });
        } catch (RejectedExecutionException e) {
            stop(e);
        }
    }

    /** {@return whether a failure says that this process is not to go on, rather than that the step failed} */
    private boolean stops(Throwable failure) {
        if (failure instanceof Fenced || failure instanceof InterruptedException || lanes.closed()) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            stop(failure);
            return true;
        }
        return false;
    }

    private void stop(Throwable why) {
        ends.stopped(handle, why);
    }

    private ComputeException typed(String where, Throwable thrown) {
        return thrown instanceof ComputeException failure
                ? failure
                : new UnexpectedFailure(handle.resource(), where + " of " + handle.verb(), thrown);
    }
}
