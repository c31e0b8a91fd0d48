package io.gantry.error;

import org.jspecify.annotations.Nullable;

/** A fault in Gantry itself or in a plug-in: something threw what no contract names. */
public class UnexpectedFailure extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param resource what was being worked on, or null
     * @param where what was being done
     * @param cause what was thrown
     */
    public UnexpectedFailure(@Nullable ResourceRef resource, String where, Throwable cause) {
        super(
                "UNEXPECTED_FAILURE",
                false,
                resource,
                where + " failed unexpectedly: " + cause,
                "Report it with its cause",
                cause);
    }
}
