package io.gantry.core.operation;

import io.gantry.operation.OperationId;

/** The operation belongs to another control node by now, or this one's lease may have run out: leave it alone. */
final class Fenced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fenced(OperationId operation, String why) {
        super("Operation " + operation + " is left: " + why, null, false, false);
    }
}
