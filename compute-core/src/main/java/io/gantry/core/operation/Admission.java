package io.gantry.core.operation;

import io.gantry.operation.OperationId;
import java.util.Optional;

/**
 * What came of a request.
 *
 * @param epoch the epoch that the operation has on its resource
 * @param running the operation that does already what was asked; the request's own is not begun then
 */
public record Admission(long epoch, Optional<OperationId> running) {
    /** {@return an operation without a resource of its own} */
    public static Admission free() {
        return new Admission(1, Optional.empty());
    }

    /** {@return an operation with an epoch} */
    public static Admission of(long epoch) {
        return new Admission(epoch, Optional.empty());
    }

    /** {@return another operation that does already what was asked} */
    public static Admission already(OperationId operation) {
        return new Admission(0, Optional.of(operation));
    }
}
