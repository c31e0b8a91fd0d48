package io.gantry.core.operation;

import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationId;
import io.gantry.operation.ProgressDetail;
import io.gantry.spi.driver.CallContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the steps of one run of a saga share. What is recorded here goes into the journal with the next entry. */
public final class StepContext {
    private static final long EPOCH = 1;

    private final OperationHandle<?> handle;
    private final Map<String, String> data = new ConcurrentHashMap<>();

    StepContext(OperationHandle<?> handle) {
        this.handle = handle;
    }

    /** {@return the operation's id} */
    public OperationId operation() {
        return handle.id();
    }

    /** {@return what a step recorded; empty if none did} */
    public Optional<String> recorded(String key) {
        return Optional.ofNullable(data.get(key));
    }

    /** Records something for later steps, and for undoing. */
    public void record(String key, String value) {
        data.put(key, value);
    }

    /** Forgets what was recorded. */
    public void forget(String key) {
        data.remove(key);
    }

    Map<String, String> data() {
        return data;
    }

    /** {@return what a driver is told of the operation} */
    public CallContext call(Duration timeout) {
        return new CallContext(handle.id(), EPOCH, timeout);
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
     * Ends the step if the owner asked to cancel.
     *
     * @throws OperationCancelled if so
     */
    public void checkCancelled() {
        if (handle.cancelRequested()) {
            throw new OperationCancelled(handle.id(), handle.verb());
        }
    }

    /** From here on the owner can no longer cancel. */
    public void passPointOfNoReturn() {
        handle.passPointOfNoReturn();
    }
}
