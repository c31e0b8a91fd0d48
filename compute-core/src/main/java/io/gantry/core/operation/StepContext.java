package io.gantry.core.operation;

import io.gantry.core.state.Json;
import io.gantry.core.state.OperationRow;
import io.gantry.core.state.Transactor;
import io.gantry.identity.Caller;
import io.gantry.operation.DeadlineExceeded;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationId;
import io.gantry.operation.ProgressDetail;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one operation share. What is recorded here goes into the journal with the next entry, or at once with
 * {@link #change}.
 */
public final class StepContext implements Transactor {
    private static final Duration LEAST_CALL = Duration.ofSeconds(1);

    private final OperationHandle<?> handle;
    private final Journal journal;
    private final Json json;
    private final Caller caller;
    private final Instant deadline;
    private final Map<String, String> data;
    private volatile boolean bounded;
    private volatile boolean committed;

    StepContext(OperationHandle<?> handle, Journal journal, Json json, OperationRow row) {
        this.handle = handle;
        this.journal = journal;
        this.json = json;
        this.caller = row.caller();
        this.deadline = row.deadline();
        this.data = new ConcurrentHashMap<>(row.data());
        this.committed = row.committed();
        this.bounded = !committed && !row.undoing();
    }

    /** {@return the operation's id} */
    public OperationId operation() {
        return handle.id();
    }

    /** {@return who asked for it} */
    public Caller caller() {
        return caller;
    }

    /** {@return when the operation's step or end is recorded} */
    public Instant now() {
        return journal.now();
    }

    /** {@return what a step recorded; empty if none did} */
    public Optional<String> recorded(String key) {
        return Optional.ofNullable(data.get(key));
    }

    /** {@return the value that a step recorded; empty if none did} */
    public <V> Optional<V> recorded(String key, Class<V> type) {
        return recorded(key).map(text -> json.read(text, type));
    }

    /** Records something for later steps, and for undoing. */
    public void record(String key, String value) {
        data.put(key, value);
    }

    /** Records a value that {@code Json} can write. */
    public void record(String key, Object value) {
        data.put(key, json.write(value));
    }

    /** Records whether something is so. */
    public void record(String key, boolean value) {
        data.put(key, Boolean.toString(value));
    }

    /** {@return whether something was recorded to be so} */
    public boolean isRecorded(String key) {
        return Boolean.parseBoolean(data.getOrDefault(key, ""));
    }

    /** Forgets what was recorded. */
    public void forget(String key) {
        data.remove(key);
    }

    Map<String, String> data() {
        return data;
    }

    /**
     * Changes the state in a transaction that journals what is recorded with it, and that fails if the operation belongs to
     * somebody else by now.
     */
    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        return journal.<T>transact((tx, entry) -> {
            T result = work.apply(tx);
            if (!entry.value().data().equals(data)) {
                journal.update(tx, entry, entry.value().recorded(data, journal.now()));
            }
            return result;
        });
    }

    /** {@return what a driver is told of the operation} A call ends by the operation's deadline, unless it undoes. */
    public CallContext call(Duration timeout) {
        journal.checkLease();
        Duration bound = timeout;
        if (bounded) {
            Duration left = Duration.between(journal.now(), deadline);
            bound = left.compareTo(LEAST_CALL) < 0 ? LEAST_CALL : left.compareTo(timeout) < 0 ? left : timeout;
        }
        return new CallContext(handle.id(), journal.epoch(), bound);
    }

    /** Reports progress within the step. */
    public void progress(int percent) {
        handle.report(percent, null);
    }

    /** Reports progress within the step. */
    public void progress(int percent, ProgressDetail detail) {
        handle.report(percent, detail);
    }

    /** {@return whether the owner asked to cancel} */
    public boolean cancelRequested() {
        return handle.cancelRequested();
    }

    /**
     * Ends the step if the owner asked to cancel, or the deadline has passed.
     *
     * @throws OperationCancelled if the owner asked to cancel
     * @throws DeadlineExceeded if the deadline has passed
     */
    public void checkCancelled() {
        if (!bounded) {
            return;
        }
        if (handle.cancelRequested()) {
            throw new OperationCancelled(handle.id(), handle.verb());
        }
        if (journal.now().isAfter(deadline)) {
            throw new DeadlineExceeded(handle.id(), handle.verb());
        }
    }

    /**
     * From here on the owner can no longer cancel, no deadline ends the operation, and a failure undoes nothing any more.
     *
     * @throws OperationCancelled if the owner has asked to cancel before
     */
    public void passPointOfNoReturn() {
        boolean cancelled = journal.<Boolean>transact((tx, entry) -> {
            if (entry.value().cancelRequested() && handle.cancellable()) {
                return true;
            }
            journal.update(
                    tx, entry, entry.value().recorded(data, journal.now()).committed(journal.now()));
            return false;
        });
        if (cancelled) {
            handle.noteCancel();
            throw new OperationCancelled(handle.id(), handle.verb());
        }
        committed();
    }

    /** Notes that the journal has the point of no return. */
    void committed() {
        committed = true;
        bounded = false;
        handle.passPointOfNoReturn();
    }

    boolean isCommitted() {
        return committed;
    }

    /** What undoes is not bounded by the deadline that made it necessary. */
    void backwards() {
        bounded = false;
    }

    void forwards() {
        bounded = true;
    }
}
