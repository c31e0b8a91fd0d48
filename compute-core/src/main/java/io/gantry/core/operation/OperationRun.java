package io.gantry.core.operation;

import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.error.UnexpectedFailure;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationStatus;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one saga: each step in its lane, journaled before and after; undone in reverse when one fails. */
final class OperationRun<T> {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRun.class);

    private final OperationHandle<T> handle;
    private final Saga<T> saga;
    private final StepContext context;
    private final List<Step> steps;
    private final State state;
    private final Lanes lanes;
    private final Clock clock;
    private final Runnable whenEnded;

    OperationRun(OperationHandle<T> handle, State state, Lanes lanes, Clock clock, Runnable whenEnded) {
        this.handle = handle;
        this.saga = handle.saga();
        this.context = new StepContext(handle);
        this.steps = saga.steps();
        this.state = state;
        this.lanes = lanes;
        this.clock = clock;
        this.whenEnded = whenEnded;
    }

    void begin() {
        follow(saga::begun);
        forward(0);
    }

    private void forward(int index) {
        if (index == steps.size()) {
            succeed();
            return;
        }
        inLane(steps.get(index), () -> doStep(index), failure -> backward(index - 1, failure));
    }

    private void doStep(int index) {
        Step step = steps.get(index);
        try {
            context.checkCancelled();
            journal(row -> row.at(index, false, context.data(), clock.instant()));
        } catch (RuntimeException e) {
            backward(index - 1, typed("Step " + step.name(), e));
            return;
        }
        handle.step(step.name());
        try {
            step.run(context);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            backward(index, typed("Step " + step.name(), e));
            return;
        } catch (Exception | LinkageError | AssertionError e) {
            backward(index, typed("Step " + step.name(), e));
            return;
        }
        forward(index + 1);
    }

    private void succeed() {
        T result;
        try {
            result = state.transact(tx -> {
                T yielded = saga.succeed(tx, context);
                end(tx, OperationStatus.SUCCEEDED, Optional.empty());
                return yielded;
            });
        } catch (RuntimeException e) {
            backward(steps.size() - 1, typed("The end", e));
            return;
        }
        follow(() -> saga.ended(result, null));
        handle.succeed(result);
        whenEnded.run();
    }

    private void backward(int index, ComputeException failure) {
        if (index < 0) {
            conclude(failure, true);
            return;
        }
        inLane(steps.get(index), () -> undoStep(index, failure), rejected -> {
            failure.addSuppressed(rejected);
            conclude(failure, false);
        });
    }

    private void undoStep(int index, ComputeException failure) {
        Step step = steps.get(index);
        try {
            journal(row -> row.at(index, true, context.data(), clock.instant()));
            handle.step("undo " + step.name());
            step.undo(context);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
            conclude(failure, false);
            return;
        } catch (Exception | LinkageError | AssertionError e) {
            LOG.warn("Operation {} ({}) could not undo {}", handle.id(), saga.verb(), step.name(), e);
            failure.addSuppressed(e);
            conclude(failure, false);
            return;
        }
        backward(index - 1, failure);
    }

    private void conclude(ComputeException failure, boolean undone) {
        if (undone && !handle.cancelRequested() && saga.retry(context, failure)) {
            LOG.info("Operation {} ({}) begins again after: {}", handle.id(), saga.verb(), failure.getMessage());
            forward(0);
            return;
        }
        OperationStatus end =
                failure instanceof OperationCancelled ? OperationStatus.CANCELLED : OperationStatus.FAILED;
        try {
            state.change(tx -> {
                saga.fail(tx, context, failure, undone);
                end(tx, end, Optional.of(failure.code() + ": " + failure.getMessage()));
            });
        } catch (RuntimeException e) {
            LOG.error("The end of operation {} ({}) could not be recorded", handle.id(), saga.verb(), e);
            failure.addSuppressed(e);
        }
        follow(() -> saga.ended(null, failure));
        handle.fail(end, failure);
        whenEnded.run();
    }

    private void follow(Runnable notice) {
        try {
            notice.run();
        } catch (RuntimeException e) {
            LOG.error("What follows on operation {} ({}) failed", handle.id(), saga.verb(), e);
        }
    }

    private void inLane(Step step, Runnable work, Consumer<ComputeException> rejected) {
        try {
            lanes.executor(step.lane(context)).execute(work);
        } catch (RejectedExecutionException e) {
            rejected.accept(
                    new UnexpectedFailure(saga.resource(), "Starting " + step.name() + " in a closing engine", e));
        } catch (RuntimeException e) {
            rejected.accept(typed("Step " + step.name(), e));
        }
    }

    private ComputeException typed(String where, Throwable thrown) {
        return thrown instanceof ComputeException failure
                ? failure
                : new UnexpectedFailure(saga.resource(), where + " of " + saga.verb(), thrown);
    }

    private void journal(UnaryOperator<OperationRow> change) {
        state.change(tx -> write(tx, change));
    }

    private void end(Transaction tx, OperationStatus status, Optional<String> failure) {
        write(tx, row -> row.ended(status, failure, clock.instant()));
    }

    private void write(Transaction tx, UnaryOperator<OperationRow> change) {
        Table.Entry<OperationRow> entry = state.operations()
                .get(tx, handle.id().toString())
                .orElseThrow(() -> new IllegalStateException("The journal has no operation " + handle.id()));
        state.operations().update(tx, entry, change.apply(entry.value()));
    }
}
