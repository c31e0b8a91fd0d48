package io.gantry.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.event.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A handle on long-running work. The work goes on whether or not anybody holds or awaits the handle.
 *
 * <p>Safe for use by many threads; callers may use virtual threads.
 *
 * @param <T> what the operation yields
 */
public interface Operation<T> {
    /** {@return the id, by which {@code compute.operation(id)} finds the operation again} */
    OperationId id();

    /** {@return what is being done, such as {@code create} or {@code live-migrate}} */
    String verb();

    /** {@return what it is being done to} */
    ResourceRef resource();

    /** {@return the status now} */
    OperationStatus status();

    /** {@return the progress now} */
    OperationProgress progress();

    /**
     * Waits for the end. An interrupt ends the waiting, not the operation.
     *
     * @param timeout how long to wait at most; must be positive
     * @return what the operation yields
     * @throws ComputeException the failure, if the operation failed
     * @throws OperationCancelled if it was cancelled
     * @throws AwaitTimedOut if it has not ended within the timeout; it goes on
     * @throws AwaitInterrupted if the calling thread was interrupted; its interrupt flag is set again
     */
    T await(Duration timeout);

    /**
     * Asks the operation to stop and undo what it did. Returns at once; await the operation to see it end. Does nothing
     * if it has ended. A request that the operation can no longer honour is refused.
     *
     * @throws NotCancellable if the operation is past its point of no return
     */
    void cancel();

    /**
     * Registers a listener, which is told the progress now and each change up to the end. Calls come one at a time from
     * the engine's threads: a listener must not block. What it throws is logged and does not disturb the operation.
     *
     * @param listener told each change
     * @return closes the registration
     */
    Subscription onProgress(Consumer<OperationProgress> listener);

    /**
     * {@return a future that ends as the operation does}
     *
     * <p>Cancelling or completing the future does nothing to the operation. A failed operation completes it with the
     * exception that {@link #await} would throw.
     */
    CompletableFuture<T> toCompletableFuture();
}
