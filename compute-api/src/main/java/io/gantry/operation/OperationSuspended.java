package io.gantry.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The engine was closed while the operation was under way; the next engine on the same store carries it on. */
public final class OperationSuspended extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param operation the operation
     * @param verb what it does
     */
    public OperationSuspended(OperationId operation, String verb) {
        super(
                "OPERATION_SUSPENDED",
                true,
                new ResourceRef("operation", operation.toString()),
                "The engine was closed while operation " + operation + " (" + verb + ") was under way",
                "Open an engine on the same store, and look the operation up there by its id",
                null);
    }
}
