package io.gantry.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The operation was cancelled by its owner; what it had done is undone. */
public final class OperationCancelled extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param operation the operation
     * @param verb what it does
     */
    public OperationCancelled(OperationId operation, String verb) {
        super(
                "OPERATION_CANCELLED",
                false,
                new ResourceRef("operation", operation.toString()),
                "Operation " + operation + " (" + verb + ") was cancelled",
                "Start a new operation if the work is still wanted",
                null);
    }
}
