package io.gantry.core.state;

import io.gantry.error.ResourceRef;
import java.util.Map;
import java.util.Optional;

/**
 * A failure as the journal keeps it.
 *
 * @param code its stable code
 * @param retryable whether the same call may succeed later
 * @param resource what it is about
 * @param problem what is wrong
 * @param remediation what the caller can do
 * @param details what its kind has beside that, by name; values are JSON or plain text
 */
public record FailureRow(
        String code,
        boolean retryable,
        Optional<ResourceRef> resource,
        String problem,
        String remediation,
        Map<String, String> details) {
    /** Copies the details. */
    public FailureRow {
        details = Map.copyOf(details);
    }
}
