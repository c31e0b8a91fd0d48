package io.gantry.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The operation is past its point of no return and will run to its end. */
public final class NotCancellable extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param operation the operation
     * @param verb what it does
     */
    public NotCancellable(OperationId operation, String verb) {
        super(
                "NOT_CANCELLABLE",
                false,
                new ResourceRef("operation", operation.toString()),
                "Operation " + operation + " (" + verb + ") is past its point of no return",
                "Await its end",
                null);
    }
}
