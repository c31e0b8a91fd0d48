package io.gantry.error;

import org.jspecify.annotations.Nullable;

/** The request meets something that is there or going on already; nothing was changed. */
public class Conflict extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param resource what the request is about
     * @param problem what it meets
     * @param remediation what to do
     */
    public Conflict(ResourceRef resource, String problem, String remediation) {
        this("CONFLICT", resource, problem, remediation, null);
    }

    /**
     * Creates a narrower kind of conflict.
     *
     * @param code stable name of the narrower kind
     * @param resource what the request is about
     * @param problem what it meets
     * @param remediation what to do
     * @param cause the cause, or null
     */
    protected Conflict(
            String code, ResourceRef resource, String problem, String remediation, @Nullable Throwable cause) {
        super(code, true, resource, problem, remediation, cause);
    }
}
