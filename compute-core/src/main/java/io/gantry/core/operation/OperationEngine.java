package io.gantry.core.operation;

import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.error.UnexpectedFailure;
import io.gantry.identity.Caller;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationStatus;
import io.gantry.operation.OperationSuspended;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts operations, runs them, finds them again, and carries on those whose owner went away. */
public final class OperationEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationEngine.class);

    private final State state;
    private final Lanes lanes;
    private final Executor notifications;
    private final Clock clock;
    private final OperationSettings settings;
    private final OperationProbe probe;
    private final NodeLease lease;
    private final Requests requests;
    private final Retention retention;
    private final Failures failures;
    private final OperationKinds kinds;
    private final Map<OperationId, OperationHandle<?>> handles = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /**
     * Creates an engine; it does nothing before {@link #start}.
     *
     * @param state where the journal is kept
     * @param lanes runs the steps
     * @param notifications runs progress listeners
     * @param clock tells the time
     * @param settings how operations are run
     * @param probe told of each entry in the journal
     */
    public OperationEngine(
            State state,
            Lanes lanes,
            Executor notifications,
            Clock clock,
            OperationSettings settings,
            OperationProbe probe) {
        this.state = state;
        this.lanes = lanes;
        this.notifications = notifications;
        this.clock = clock;
        this.settings = settings;
        this.probe = probe;
        this.lease = new NodeLease(state, settings.node(), settings.lease());
        this.requests = new Requests(state, clock, settings.node());
        this.retention = new Retention(state, clock, settings);
        this.failures = new Failures(state.json());
        this.kinds = new OperationKinds(state.json());
    }

    /** Makes a kind known. All kinds are known before {@link #start}. */
    public <Q, T> OperationKind<Q, T> register(OperationKind<Q, T> kind) {
        kinds.add(kind);
        return kind;
    }

    /** {@return the verbs that are known} */
    public List<String> verbs() {
        return kinds.verbs();
    }

    /** Takes the node's place among the control nodes, and carries on what its last process left. */
    public void start() {
        lease.join();
        adoptOrphans();
    }

    /**
     * Accepts an operation and begins it.
     *
     * @param key what the caller asked, in a form that {@code Json} can write; equal requests have equal keys
     * @return the operation, or the one that an equal request with the same token started, or one that does the same
     *     already
     */
    public <Q, T> Operation<T> submit(
            OperationKind<Q, T> kind,
            Object key,
            Caller caller,
            RequestOptions options,
            Q request,
            Acceptance acceptance) {
        return submitAll(kind, key, caller, options, List.of(new Submission<>(request, acceptance)))
                .get(0);
    }

    /** Accepts several operations, or none, and begins them. */
    public <Q, T> List<Operation<T>> submitAll(
            OperationKind<Q, T> kind,
            Object key,
            Caller caller,
            RequestOptions options,
            List<Submission<Q>> submissions) {
        if (closing) {
            throw new IllegalStateException("The compute engine is closed");
        }
        lease.requireHeld();
        List<OperationRun<T>> all = new ArrayList<>();
        List<OperationId> yielded;
        try {
            String hash = requests.hash(kind.verb(), key);
            yielded = state.transact(tx -> {
                forgetUnbegun(all);
                Optional<List<OperationId>> earlier = requests.earlier(tx, caller, options, hash);
                if (earlier.isPresent()) {
                    return earlier.get();
                }
                List<OperationId> ids = new ArrayList<>();
                for (Submission<Q> submission : submissions) {
                    ids.add(accept(tx, kind, caller, options, submission, all));
                }
                requests.remember(tx, caller, options, hash, ids);
                return ids;
            });
        } catch (RuntimeException e) {
            forgetUnbegun(all);
            throw e;
        }
        all.forEach(OperationRun::begin);
        return yielded.stream().map(id -> begunOrFound(id, all)).toList();
    }

    private <T> Operation<T> begunOrFound(OperationId id, List<OperationRun<T>> all) {
        return all.stream()
                .filter(run -> run.handle().id().equals(id))
                .<Operation<T>>map(OperationRun::handle)
                .findFirst()
                .orElseGet(() -> typed(id));
    }

    private void forgetUnbegun(List<? extends OperationRun<?>> all) {
        all.forEach(run -> handles.remove(run.handle().id()));
        all.clear();
    }

    private <Q, T> OperationId accept(
            Transaction tx,
            OperationKind<Q, T> kind,
            Caller caller,
            RequestOptions options,
            Submission<Q> submission,
            List<OperationRun<T>> all) {
        OperationId id = OperationId.random();
        Admission admission = submission.acceptance().accept(tx, id);
        if (admission.running().isPresent()) {
            return admission.running().get();
        }
        Saga<T> saga = kind.saga().apply(submission.request());
        OperationRow row =
                requests.entry(id, kind.verb(), saga.resource(), submission.request(), caller, options, admission);
        // Before the commit, so that whoever reads the journal afterwards finds the operation with its process.
        OperationHandle<T> handle = handle(row, saga);
        handle.local(true);
        handles.put(id, handle);
        OperationRun<T> run = run(handle, saga, row);
        all.add(run);
        state.operations().insert(tx, run.entered(row));
        return id;
    }

    private <T> OperationHandle<T> handle(OperationRow row, Saga<T> saga) {
        return new OperationHandle<>(row, saga.cancellable(), this::cancel, clock, notifications);
    }

    private <T> OperationRun<T> run(OperationHandle<T> handle, Saga<T> saga, OperationRow row) {
        Journal journal = new Journal(state, lease, clock, row.id(), row.epoch());
        return new OperationRun<>(handle, saga, row, journal, state, lanes, probe, new OperationRun.Ends<T>() {
            @Override
            public void ended(OperationHandle<T> done) {
                handles.remove(done.id(), done);
                retention.ended(done.id());
            }

            @Override
            public void stopped(OperationHandle<T> left, Throwable why) {
                stop(left, why);
            }
        });
    }

    /** The run stopped; whoever owns the operation carries on, and this process follows what the journal says. */
    private void stop(OperationHandle<?> left, Throwable why) {
        left.local(false);
        if (closing || lanes.closed()) {
            left.suspend(new OperationSuspended(left.id(), left.verb()));
        } else {
            LOG.warn("Operation {} ({}) is left to the journal: {}", left.id(), left.verb(), why.toString());
            LOG.debug("The reason", why);
        }
    }

    private void cancel(OperationHandle<?> handle) {
        state.change(tx -> state.operations()
                .get(tx, handle.id().toString())
                .filter(entry -> !entry.value().status().ended())
                .ifPresent(entry -> {
                    if (entry.value().committed()) {
                        throw new NotCancellable(handle.id(), handle.verb());
                    }
                    state.operations().update(tx, entry, entry.value().cancelling(clock.instant()));
                }));
        handle.noteCancel();
    }

    /** Asks a running operation to stop, in the caller's transaction; it does so if it still can. */
    public void preempt(Transaction tx, OperationId id) {
        state.operations()
                .get(tx, id.toString())
                .filter(entry -> !entry.value().status().ended())
                .filter(entry -> !entry.value().cancelRequested())
                .ifPresent(entry ->
                        state.operations().update(tx, entry, entry.value().cancelling(clock.instant())));
    }

    /** Lets a run of this process notice at once what {@link #preempt} recorded. */
    public void noticePreempted(OperationId id) {
        OperationHandle<?> handle = handles.get(id);
        if (handle != null && handle.cancellable()) {
            handle.noteCancel();
        }
    }

    /** The result's type is that of the kind, which the journal names. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private <T> Operation<T> typed(OperationId id) {
        return (Operation<T>) get(id);
    }

    /**
     * {@return an operation, wherever it runs}
     *
     * @throws NotFound if there is none, or it ended longer ago than ended ones are kept
     */
    public Operation<?> get(OperationId id) {
        OperationHandle<?> handle = handles.get(id);
        if (handle != null) {
            if (!handle.isLocal()) {
                refresh(handle, row(id));
            }
            return handle;
        }
        OperationRow row = row(id).orElseThrow(() -> notFound(id));
        return found(kinds.of(row), row);
    }

    private Optional<OperationRow> row(OperationId id) {
        return state.read(tx -> state.operations().get(tx, id.toString())).map(Table.Entry::value);
    }

    private NotFound notFound(OperationId id) {
        return new NotFound(
                new ResourceRef("operation", id.toString()),
                "Ended operations are kept for " + settings.retention() + "; read the resource itself");
    }

    /**
     * {@return who asked for an operation}
     *
     * @throws NotFound if there is none
     */
    public Caller caller(OperationId id) {
        OperationHandle<?> handle = handles.get(id);
        return handle != null
                ? handle.accepted().caller()
                : row(id).map(OperationRow::caller).orElseThrow(() -> notFound(id));
    }

    private <Q, T> OperationHandle<T> found(OperationKind<Q, T> kind, OperationRow row) {
        Saga<T> saga = kinds.saga(kind, row);
        OperationHandle<T> handle = handle(row, saga);
        if (row.status().ended()) {
            finish(kind, handle, row);
            return handle;
        }
        @SuppressWarnings("unchecked") // of two handles on one operation, both are of its kind
        OperationHandle<T> kept = (OperationHandle<T>) handles.computeIfAbsent(row.id(), id -> handle);
        return kept;
    }

    private <T> void finish(OperationKind<?, T> kind, OperationHandle<T> handle, OperationRow row) {
        if (row.status() == OperationStatus.SUCCEEDED) {
            handle.succeed(kinds.result(kind, row));
        } else {
            handle.fail(row.status(), failures.failure(row));
        }
    }

    /** {@return the operations that have not ended, oldest first} */
    public List<Operation<?>> running() {
        List<OperationRow> rows = state.read(tx -> state.operations().findReadable(tx, "ended", "false")).stream()
                .sorted(Comparator.comparing(OperationRow::createdAt))
                .toList();
        return rows.stream()
                .flatMap(row -> known(row).stream())
                .filter(operation -> !operation.status().ended())
                .toList();
    }

    /** {@return an operation; empty if this engine does not know its verb, or cannot read its request} */
    private Optional<Operation<?>> known(OperationRow row) {
        OperationHandle<?> handle = handles.get(row.id());
        if (handle != null) {
            return Optional.of(handle);
        }
        try {
            return Optional.of(found(kinds.of(row), row));
        } catch (UnexpectedFailure e) {
            LOG.warn("Operation {} ({}) is left out", row.id(), row.verb(), e);
            return Optional.empty();
        }
    }

    /** {@return how often {@link #tick} is to be called} */
    public Duration tickInterval() {
        return settings.tick();
    }

    /** Renews the lease; called again and again, from a thread that nothing else holds up. */
    public void renew() {
        if (!lease.renew() && !closing) {
            LOG.warn("Another process has taken the place of control node {}; this one begins anew", lease.id());
            lease.join();
        }
    }

    /** {@return whether this control node does what one of several has to do} */
    public boolean leads() {
        return lease.leads();
    }

    /** {@return which names are this control node's to look after, while the live nodes stay the same} */
    public Predicate<String> share() {
        return lease.share();
    }

    /** Carries on what nobody runs, and forgets what is long over; called again and again. */
    public void tick() {
        adoptOrphans();
        retention.sweep();
    }

    /** Follows operations that other nodes run and somebody here waits for, and what others ask of those here. */
    public void followOthers() {
        List<OperationHandle<?>> followed = handles.values().stream()
                .filter(handle -> state.shared() || !handle.isLocal())
                .toList();
        if (!followed.isEmpty()) {
            Map<OperationId, OperationRow> rows = state.read(tx -> followed.stream()
                    .flatMap(handle -> state.operations().get(tx, handle.id().toString()).stream())
                    .map(Table.Entry::value)
                    .collect(Collectors.toMap(OperationRow::id, Function.identity())));
            followed.forEach(handle -> refresh(handle, Optional.ofNullable(rows.get(handle.id()))));
        }
    }

    private void refresh(OperationHandle<?> handle, Optional<OperationRow> row) {
        if (row.isEmpty()) {
            // Accepted, but not committed yet; or over so long ago that it is forgotten.
            if (!handle.isLocal() && handles.remove(handle.id(), handle)) {
                handle.suspend(notFound(handle.id()));
            }
        } else if (!handle.isLocal() && row.get().status().ended()) {
            handles.remove(handle.id(), handle);
            finishFollowed(kinds.of(row.get()), handle, row.get());
        } else {
            handle.follow(row.get());
        }
    }

    @SuppressWarnings("unchecked") // the handle was made for an operation of this kind
    private <T> void finishFollowed(OperationKind<?, T> kind, OperationHandle<?> handle, OperationRow row) {
        finish(kind, (OperationHandle<T>) handle, row);
    }

    private void adoptOrphans() {
        if (closing) {
            return;
        }
        adoptAll(lease.id());
        for (String dead : lease.expired()) {
            if (adoptAll(dead) == 0) {
                lease.forget(dead);
            }
        }
    }

    private int adoptAll(String owner) {
        List<OperationRow> rows = state.read(tx -> state.operations().findReadable(tx, "owner", owner)).stream()
                .sorted(Comparator.comparing(OperationRow::createdAt))
                .toList();
        int adopted = 0;
        for (OperationRow row : rows) {
            OperationHandle<?> handle = handles.get(row.id());
            if (handle != null && handle.isLocal() && owner.equals(lease.id())) {
                continue;
            }
            try {
                adopt(kinds.of(row), row);
                adopted++;
            } catch (ComputeException e) {
                LOG.error("Operation {} ({}) could not be carried on", row.id(), row.verb(), e);
            }
        }
        return adopted;
    }

    private <Q, T> void adopt(OperationKind<Q, T> kind, OperationRow seen) {
        Saga<T> saga = kinds.saga(kind, seen);
        Optional<OperationRow> mine = state.transact(tx -> state.operations()
                .get(tx, seen.id().toString())
                .filter(entry -> isOrphan(tx, entry.value(), seen))
                .map(entry -> {
                    long epoch = saga.raiseEpoch(tx).orElse(entry.value().epoch() + 1);
                    OperationRow row = entry.value().ownedBy(lease.id(), epoch, clock.instant());
                    state.operations().update(tx, entry, row);
                    return row;
                }));
        if (mine.isEmpty()) {
            return;
        }
        OperationRow row = mine.get();
        LOG.info("Operation {} ({}) of node {} is carried on", row.id(), row.verb(), seen.owner());
        OperationHandle<T> handle = found(kind, row);
        handle.local(true);
        handles.put(row.id(), handle);
        run(handle, saga, row).resume(row);
    }

    private boolean isOrphan(Transaction tx, OperationRow now, OperationRow seen) {
        boolean unchanged = now.owner().equals(seen.owner()) && now.epoch() == seen.epoch();
        boolean ownerGone = now.owner().equals(lease.id()) || lease.isDead(tx, now.owner());
        return unchanged && ownerGone && !now.status().ended();
    }

    /** {@return whether the engine is being closed: what only waits stops then} */
    public boolean closing() {
        return closing;
    }

    @Override
    public void close() {
        closing = true;
        awaitLocal(settings.shutdownTimeout());
    }

    /** Gives the lease back, after the lanes are closed. */
    public void release() {
        handles.values().forEach(handle -> handle.suspend(new OperationSuspended(handle.id(), handle.verb())));
        lease.release();
    }

    private void awaitLocal(Duration timeout) {
        CompletableFuture<?>[] ends = handles.values().stream()
                .filter(OperationHandle::isLocal)
                .map(Operation::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOG.debug("An operation failed while the engine was closing", e);
        } catch (TimeoutException e) {
            LOG.info("Operations are left to the journal after {}: {}", timeout, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
