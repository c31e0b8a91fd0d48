package io.gantry.operation;

import io.gantry.error.InvalidRequest;
import java.util.UUID;

/**
 * Identifies an operation, also after a restart.
 *
 * @param value a UUID
 */
public record OperationId(UUID value) {
    /** {@return a new random id} */
    public static OperationId random() {
        return new OperationId(UUID.randomUUID());
    }

    /**
     * {@return the id that the text shows}
     *
     * @param text a UUID as {@link #toString()} prints it
     * @throws InvalidRequest if it is no UUID
     */
    public static OperationId of(String text) {
        try {
            return new OperationId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("operationId", text, "is no UUID", "Give the id that the operation printed");
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
