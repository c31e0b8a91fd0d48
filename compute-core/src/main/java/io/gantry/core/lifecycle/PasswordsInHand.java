package io.gantry.core.lifecycle;

import io.gantry.instance.AdminPassword;
import io.gantry.operation.OperationId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * New passwords between the call that brought them and the step that sends them: in the memory of the engine that was asked,
 * and nowhere else. Safe for use by many threads.
 */
final class PasswordsInHand {
    private final Map<OperationId, Held> held = new ConcurrentHashMap<>();

    private record Held(AdminPassword password, Instant until) {}

    /**
     * Takes a password in hand. Those whose time is over are dropped: their operations went on elsewhere.
     *
     * @param until when the operation's deadline is
     */
    void put(OperationId operation, AdminPassword password, Instant now, Instant until) {
        held.values().removeIf(other -> other.until().isBefore(now));
        held.put(operation, new Held(password, until));
    }

    /** {@return whether an operation's password is in hand} */
    boolean has(OperationId operation) {
        return held.containsKey(operation);
    }

    /** {@return an operation's password, which is not in hand any more; empty if it was not} */
    Optional<AdminPassword> take(OperationId operation) {
        return Optional.ofNullable(held.remove(operation)).map(Held::password);
    }

    /** {@return how many passwords are in hand} */
    int size() {
        return held.size();
    }
}
