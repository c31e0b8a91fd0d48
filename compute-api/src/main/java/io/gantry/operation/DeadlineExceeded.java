package io.gantry.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The operation did not end by its deadline; what it had done is undone. */
public final class DeadlineExceeded extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param operation the operation
     * @param verb what it does
     */
    public DeadlineExceeded(OperationId operation, String verb) {
        super(
                "DEADLINE_EXCEEDED",
                true,
                new ResourceRef("operation", operation.toString()),
                "Operation " + operation + " (" + verb + ") did not end by its deadline",
                "Try again with more time",
                null);
    }
}
