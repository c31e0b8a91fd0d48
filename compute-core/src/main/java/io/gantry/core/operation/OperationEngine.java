package io.gantry.core.operation;

import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.core.state.TokenRow;
import io.gantry.error.ComputeException;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts operations, runs them, and keeps the ended ones for a while. */
public final class OperationEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationEngine.class);
    private static final int MAX_ENDED = 10_000;

    private final State state;
    private final Lanes lanes;
    private final Executor notifications;
    private final Clock clock;
    private final Duration retention;
    private final Duration shutdownTimeout;
    private final Map<OperationId, OperationHandle<?>> handles = new ConcurrentHashMap<>();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger endedCount = new AtomicInteger();
    private volatile boolean closing;

    private record Ended(OperationId id, Instant at) {}

    /**
     * Creates an engine.
     *
     * @param state where the journal is kept
     * @param lanes runs the steps
     * @param notifications runs progress listeners
     * @param clock tells the time
     * @param retention how long ended operations can be found
     * @param shutdownTimeout how long {@link #close} waits for running ones before it cancels them
     */
    public OperationEngine(
            State state,
            Lanes lanes,
            Executor notifications,
            Clock clock,
            Duration retention,
            Duration shutdownTimeout) {
        this.state = state;
        this.lanes = lanes;
        this.notifications = notifications;
        this.clock = clock;
        this.retention = retention;
        this.shutdownTimeout = shutdownTimeout;
    }

    /**
     * Accepts an operation and begins it.
     *
     * @param request what the caller asked, in a form that {@code Json} can write; equal requests are equal texts
     * @param options the caller's options
     * @param accept checks and records the acceptance in the transaction that journals the operation, and yields what to
     *     do
     * @return the operation, or the one that an equal request with the same token started
     */
    public <T> Operation<T> submit(
            Object request, RequestOptions options, BiFunction<Transaction, OperationId, Saga<T>> accept) {
        if (closing) {
            throw new IllegalStateException("The compute engine is closed");
        }
        OperationId id = OperationId.random();
        Accepted<T> accepted;
        try {
            accepted = state.transact(tx -> accept(tx, id, request, options, accept));
        } catch (RuntimeException e) {
            handles.remove(id);
            throw e;
        }
        if (accepted.begun() == null) {
            return found(accepted.earlier().orElseThrow());
        }
        OperationHandle<T> handle = accepted.begun();
        new OperationRun<>(handle, state, lanes, clock, () -> retire(handle)).begin();
        return handle;
    }

    private <T> Accepted<T> accept(
            Transaction tx,
            OperationId id,
            Object request,
            RequestOptions options,
            BiFunction<Transaction, OperationId, Saga<T>> accept) {
        Optional<OperationId> earlier = options.idempotencyToken().flatMap(token -> earlier(tx, token, request));
        if (earlier.isPresent()) {
            return new Accepted<T>(earlier, null);
        }
        Saga<T> saga = accept.apply(tx, id);
        state.operations().insert(tx, OperationRow.accepted(id, saga.verb(), saga.resource(), clock.instant()));
        options.idempotencyToken()
                .ifPresent(token -> state.tokens().insert(tx, new TokenRow(token, hash(request), id)));
        // Before the commit, so that whoever reads the token afterwards finds the operation.
        OperationHandle<T> handle = new OperationHandle<>(id, saga, clock, notifications);
        handles.put(id, handle);
        return new Accepted<T>(Optional.empty(), handle);
    }

    private record Accepted<T>(
            Optional<OperationId> earlier, @Nullable OperationHandle<T> begun) {}

    private Optional<OperationId> earlier(Transaction tx, String token, Object request) {
        return state.tokens().get(tx, token).map(Table.Entry::value).map(row -> {
            if (!row.requestHash().equals(hash(request))) {
                throw new IdempotencyConflict(token, row.operation().toString());
            }
            return row.operation();
        });
    }

    private String hash(Object request) {
        try {
            byte[] text =
                    (request.getClass().getSimpleName() + state.json().write(request)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The token's request was equal, hence its operation yields the same type. */
    @SuppressWarnings("unchecked")
    private <T> Operation<T> found(OperationId id) {
        return (Operation<T>) get(id);
    }

    /**
     * {@return an operation}
     *
     * @throws NotFound if there is none, or it ended longer ago than ended ones are kept
     */
    public Operation<?> get(OperationId id) {
        OperationHandle<?> handle = handles.get(id);
        if (handle == null) {
            throw new NotFound(
                    new ResourceRef("operation", id.toString()),
                    "Ended operations are kept for " + retention + "; read the resource itself");
        }
        return handle;
    }

    /** {@return the operations that have not ended, oldest first} */
    public List<Operation<?>> running() {
        return handles.values().stream()
                .filter(handle -> !handle.status().ended())
                .sorted(Comparator.comparing(OperationHandle::createdAt))
                .<Operation<?>>map(handle -> handle)
                .toList();
    }

    private void retire(OperationHandle<?> handle) {
        ended.add(new Ended(handle.id(), clock.instant()));
        endedCount.incrementAndGet();
        Instant oldest = clock.instant().minus(retention);
        for (Ended first = ended.peek();
                first != null && (first.at().isBefore(oldest) || endedCount.get() > MAX_ENDED);
                first = ended.peek()) {
            if (ended.remove(first)) {
                endedCount.decrementAndGet();
                forget(first.id());
            }
        }
    }

    private void forget(OperationId id) {
        handles.remove(id);
        state.change(tx -> {
            state.operations()
                    .get(tx, id.toString())
                    .ifPresent(row -> state.operations().delete(tx, row));
            state.tokens()
                    .find(tx, "operation", id.toString())
                    .forEach(row -> state.tokens().delete(tx, row));
        });
    }

    @Override
    public void close() {
        closing = true;
        awaitRunning(shutdownTimeout);
        for (OperationHandle<?> handle : handles.values()) {
            if (handle.cancellable()) {
                LOG.info("Cancelling operation {} ({}), since the engine closes", handle.id(), handle.verb());
                try {
                    handle.cancel();
                } catch (ComputeException e) {
                    LOG.debug("Operation {} passed its point of no return meanwhile", handle.id(), e);
                }
            }
        }
        awaitRunning(shutdownTimeout);
        running().forEach(left -> LOG.warn("Operation {} ({}) is left unfinished", left.id(), left.verb()));
    }

    private void awaitRunning(Duration timeout) {
        CompletableFuture<?>[] ends =
                running().stream().map(Operation::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOG.debug("An operation failed while the engine was closing", e);
        } catch (TimeoutException e) {
            LOG.info("{} operations have not ended within {}", running().size(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
