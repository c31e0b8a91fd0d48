package io.gantry.error;

import org.jspecify.annotations.Nullable;

/** It cannot be told who calls, since what knows the users does not work; nobody is let in until it does. */
public class IdentityUnavailable extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param cause what does not work; its details are for whoever runs the engine, and not in the message
     */
    public IdentityUnavailable(@Nullable Throwable cause) {
        super(
                "IDENTITY_UNAVAILABLE",
                true,
                null,
                "The identity provider does not work",
                "Try again later; whoever runs the engine finds the reason in its log",
                cause);
    }
}
