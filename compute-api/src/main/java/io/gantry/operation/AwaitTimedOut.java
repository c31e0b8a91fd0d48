package io.gantry.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The wait for an operation ended before the operation; it goes on. */
public final class AwaitTimedOut extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param operation the operation
     * @param verb what it does
     */
    public AwaitTimedOut(OperationId operation, String verb) {
        super(
                "AWAIT_TIMED_OUT",
                true,
                new ResourceRef("operation", operation.toString()),
                "Operation " + operation + " (" + verb + ") has not ended within the wait",
                "Await it again, or cancel it",
                null);
    }
}
