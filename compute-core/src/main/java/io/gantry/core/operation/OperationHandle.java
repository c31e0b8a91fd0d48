package io.gantry.core.operation;

import io.gantry.core.observe.SerialDelivery;
import io.gantry.core.state.OperationRow;
import io.gantry.error.ComputeException;
import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import io.gantry.error.UnexpectedFailure;
import io.gantry.event.Subscription;
import io.gantry.operation.AwaitInterrupted;
import io.gantry.operation.AwaitTimedOut;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationProgress;
import io.gantry.operation.OperationStatus;
import io.gantry.operation.ProgressDetail;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operation as its owner sees it: one that this process runs, or one that it follows in the journal. */
final class OperationHandle<T> implements Operation<T> {
    private final OperationRow accepted;
    private final Consumer<OperationHandle<T>> cancelling;
    private final Clock clock;
    private final Executor notifications;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private final List<SerialDelivery<OperationProgress>> listeners = new CopyOnWriteArrayList<>();
    private volatile OperationProgress progress;
    private volatile boolean local;
    private boolean cancelRequested;
    private boolean cancellable;

    OperationHandle(
            OperationRow row,
            boolean cancellable,
            Consumer<OperationHandle<T>> cancelling,
            Clock clock,
            Executor notifications) {
        this.accepted = row;
        this.cancelling = cancelling;
        this.clock = clock;
        this.notifications = notifications;
        this.cancelRequested = row.cancelRequested();
        this.cancellable = cancellable && !row.committed();
        this.progress = new OperationProgress(
                row.id(), row.status(), stepOf(row), OptionalInt.empty(), Optional.empty(), row.updatedAt());
    }

    private static String stepOf(OperationRow row) {
        return row.steps().isEmpty()
                ? row.verb()
                : row.steps().get(row.steps().size() - 1).name();
    }

    OperationRow accepted() {
        return accepted;
    }

    /** {@return whether this process runs it} */
    boolean isLocal() {
        return local;
    }

    void local(boolean runsHere) {
        this.local = runsHere;
    }

    @Override
    public OperationId id() {
        return accepted.id();
    }

    @Override
    public String verb() {
        return accepted.verb();
    }

    @Override
    public ResourceRef resource() {
        return accepted.resource();
    }

    @Override
    public OperationStatus status() {
        return progress.status();
    }

    @Override
    public OperationProgress progress() {
        return progress;
    }

    @Override
    public T await(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidRequest("await.timeout", timeout, "must be positive", "Give how long to wait");
        }
        try {
            return done.get(saturatedNanos(timeout), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ComputeException failure) {
                throw failure;
            }
            throw new UnexpectedFailure(resource(), verb(), e);
        } catch (TimeoutException e) {
            AwaitTimedOut timedOut = new AwaitTimedOut(id(), verb());
            timedOut.addSuppressed(e);
            throw timedOut;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            AwaitInterrupted interrupted = new AwaitInterrupted(id(), verb());
            interrupted.addSuppressed(e);
            throw interrupted;
        }
    }

    private static long saturatedNanos(Duration timeout) {
        return timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (status().ended() || cancelRequested) {
                return;
            }
            if (!cancellable) {
                throw new NotCancellable(id(), verb());
            }
        }
        cancelling.accept(this);
    }

    synchronized void noteCancel() {
        cancelRequested = true;
    }

    synchronized boolean cancelRequested() {
        return cancelRequested;
    }

    synchronized boolean cancellable() {
        return cancellable && !status().ended();
    }

    synchronized void passPointOfNoReturn() {
        cancellable = false;
    }

    @Override
    public Subscription onProgress(Consumer<OperationProgress> listener) {
        SerialDelivery<OperationProgress> delivery = new SerialDelivery<>(notifications, listener);
        synchronized (this) {
            delivery.deliver(progress);
            if (!progress.status().ended()) {
                listeners.add(delivery);
            }
        }
        return () -> {
            listeners.remove(delivery);
            delivery.close();
        };
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        return done.copy();
    }

    void step(String name) {
        publish(OperationStatus.RUNNING, name, OptionalInt.empty(), progress.detail());
    }

    void report(int percent, @Nullable ProgressDetail detail) {
        publish(OperationStatus.RUNNING, progress.step(), OptionalInt.of(percent), Optional.ofNullable(detail));
    }

    /** Takes over what the journal says of an operation that another process runs. */
    void follow(OperationRow row) {
        if (row.cancelRequested()) {
            noteCancel();
        }
        if (row.committed()) {
            passPointOfNoReturn();
        }
        if (!local && !row.status().ended() && !progress.step().equals(stepOf(row))) {
            publish(row.status(), stepOf(row), OptionalInt.empty(), Optional.empty());
        }
    }

    void succeed(T result) {
        publish(OperationStatus.SUCCEEDED, progress.step(), OptionalInt.of(100), progress.detail());
        done.complete(result);
    }

    void fail(OperationStatus end, ComputeException failure) {
        publish(end, progress.step(), progress.percent(), progress.detail());
        done.completeExceptionally(failure);
    }

    /** Ends the waiting for an operation that this process will hear of no more. */
    void suspend(ComputeException why) {
        done.completeExceptionally(why);
    }

    private synchronized void publish(
            OperationStatus status, String step, OptionalInt percent, Optional<ProgressDetail> detail) {
        progress = new OperationProgress(id(), status, step, percent, detail, clock.instant());
        listeners.forEach(listener -> listener.deliver(progress));
        if (status.ended()) {
            listeners.clear();
        }
    }
}
