package io.gantry.core.lifecycle;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.event.Subscription;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationProgress;
import io.gantry.operation.OperationStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An operation as one caller has it: what it yields, and why it failed, is what that caller may see. */
final class SeenOperation<T> implements Operation<T> {
    private final Operation<T> operation;
    private final UnaryOperator<T> view;
    private final UnaryOperator<ComputeException> failure;

    SeenOperation(Operation<T> operation, UnaryOperator<T> view, UnaryOperator<ComputeException> failure) {
        this.operation = operation;
        this.view = view;
        this.failure = failure;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SeenOperation<?> seen && operation.equals(seen.operation);
    }

    @Override
    public int hashCode() {
        return operation.hashCode();
    }

    @Override
    public OperationId id() {
        return operation.id();
    }

    @Override
    public String verb() {
        return operation.verb();
    }

    @Override
    public ResourceRef resource() {
        return operation.resource();
    }

    @Override
    public OperationStatus status() {
        return operation.status();
    }

    @Override
    public OperationProgress progress() {
        return operation.progress();
    }

    @Override
    public T await(Duration timeout) {
        T result;
        try {
            result = operation.await(timeout);
        } catch (ComputeException e) {
            throw failure.apply(e);
        }
        return view.apply(result);
    }

    @Override
    public void cancel() {
        operation.cancel();
    }

    @Override
    public Subscription onProgress(Consumer<OperationProgress> listener) {
        return operation.onProgress(listener);
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        return operation.toCompletableFuture().handle((result, thrown) -> {
            if (thrown == null) {
                return view.apply(result);
            }
            // A dependent future wraps what its source failed with.
            Throwable why = thrown.getCause() instanceof ComputeException wrapped ? wrapped : thrown;
            if (why instanceof ComputeException e) {
                throw failure.apply(e);
            }
            throw new CompletionException(why);
        });
    }
}
