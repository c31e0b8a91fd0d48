package io.gantry.error;

import org.jspecify.annotations.Nullable;

/** A request that changes something was sent to a host, and its answer was lost: it may or may not have happened. */
public class OutcomeUnknown extends HostUnreachable {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param host the host's id
     * @param problem what was sent and how the answer was lost
     * @param cause the native cause, or null
     */
    public OutcomeUnknown(String host, String problem, @Nullable Throwable cause) {
        super("OUTCOME_UNKNOWN", host, problem, "Read the resource again before you repeat the request", cause);
    }
}
