package io.gantry.core.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation does: steps, and how the state changes at the end.
 *
 * @param <T> what it yields
 */
public interface Saga<T> {
    /** {@return what is done} */
    String verb();

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

    /** {@return whether to begin again after a failure of which all is undone} */
    default boolean retry(StepContext context, ComputeException failure) {
        return false;
    }

    /** Called after the acceptance is recorded, before the first step. */
    default void begun() {}

    /**
     * Called after the operation has ended and that is recorded.
     *
     * @param result what it yields; null if it failed
     * @param failure why it failed; null if it succeeded
     */
    default void ended(@Nullable T result, @Nullable ComputeException failure) {}
}
