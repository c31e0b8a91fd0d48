package io.gantry.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure of which only the record is left, since the process that met it is gone: code, texts and resource are those of
 * the original.
 */
public final class RecordedFailure extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param code the original's code
     * @param retryable whether the same call may succeed later without a change of the request
     * @param resource what it is about, or null
     * @param problem what is wrong
     * @param remediation what the caller can do
     */
    public RecordedFailure(
            String code, boolean retryable, @Nullable ResourceRef resource, String problem, String remediation) {
        super(code, retryable, resource, problem, remediation, null);
    }
}
