package io.gantry.core.operation;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The control node could not renew its lease in time; it accepts nothing until it can. */
final class LeaseLost extends ComputeException {
    private static final long serialVersionUID = 1L;

    LeaseLost(String node) {
        super(
                "LEASE_LOST",
                true,
                new ResourceRef("node", node),
                "Control node " + node + " has not renewed its lease in time",
                "Try again soon, or ask another control node",
                null);
    }
}
