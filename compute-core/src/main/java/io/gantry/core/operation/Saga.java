package io.gantry.core.operation;

import io.gantry.core.state.OperationRow;
import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operation does: steps, and how the state changes at the end. It is made from the request alone, and knows of
 * what happened before only what the context has recorded: another process may carry it on.
 *
 * @param <T> what it yields
 */
public interface Saga<T> {
    /** {@return what it is done to} */
    ResourceRef resource();

    /** {@return the steps, in order} */
    List<Step> steps();

    /** {@return whether its owner can cancel it, until a step passes the point of no return} */
    default boolean cancellable() {
        return false;
    }

    /**
     * Records the success, in the transaction that ends the operation.
     *
     * @return what the operation yields
     */
    T succeed(Transaction tx, StepContext context);

    /**
     * Records the failure, in the transaction that ends the operation.
     *
     * @param undone whether all that was done is undone
     */
    void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone);

    /** Keeps the record of the operation that has just ended, in the transaction that ends it. */
    default void log(Transaction tx, OperationRow ended) {}

    /** {@return whether to begin again after a failure of which all is undone} */
    default boolean retry(StepContext context, ComputeException failure) {
        return false;
    }

    /**
     * Raises what fences the operation's resource, in the transaction that passes the operation to another owner.
     *
     * @return the new epoch, if the resource has epochs; the operation's own is raised by 1 otherwise
     */
    default Optional<Long> raiseEpoch(Transaction tx) {
        return Optional.empty();
    }

    /** Called by a new owner before it carries on, from a thread of the step that it carries on with. */
    default void takenOver(StepContext context) {}

    /** Called after the acceptance is recorded, before the first step. */
    default void begun() {}

    /**
     * Called after the operation has ended and that is recorded; not called if the process ends between.
     *
     * @param result what it yields; null if it failed
     * @param failure why it failed; null if it succeeded
     */
    default void ended(@Nullable T result, @Nullable ComputeException failure) {}
}
