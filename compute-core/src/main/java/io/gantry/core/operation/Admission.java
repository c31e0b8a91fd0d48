package io.gantry.core.operation;

import io.gantry.operation.OperationId;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a request.
 *
 * @param epoch the epoch that the operation has on its resource
 * @param running the operation that does already what was asked; the request's own is not begun then
 * @param data what the acceptance records for the steps
 */
public record Admission(long epoch, Optional<OperationId> running, Map<String, String> data) {
    /** Copies the map. */
    public Admission {
        data = Map.copyOf(data);
    }

    /** {@return an operation without a resource of its own} */
    public static Admission free() {
        return of(1);
    }

    /** {@return an operation with an epoch} */
    public static Admission of(long epoch) {
        return new Admission(epoch, Optional.empty(), Map.of());
    }

    /** {@return another operation that does already what was asked} */
    public static Admission already(OperationId operation) {
        return new Admission(0, Optional.of(operation), Map.of());
    }

    /** {@return the admission with something recorded for the steps} */
    public Admission recording(Map<String, String> recorded) {
        return new Admission(epoch, running, recorded);
    }
}
