package io.gantry.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The waiting thread was interrupted; the operation goes on. */
public final class AwaitInterrupted extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param operation the operation
     * @param verb what it does
     */
    public AwaitInterrupted(OperationId operation, String verb) {
        super(
                "AWAIT_INTERRUPTED",
                true,
                new ResourceRef("operation", operation.toString()),
                "Operation " + operation + " (" + verb + ") was being awaited when the thread was interrupted",
                "Find it again with compute.operation(id)",
                null);
    }
}
