package io.gantry.core.state;

import io.gantry.identity.Caller;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was once done to an instance.
 *
 * @param instance the instance
 * @param id the operation, or an id of its own for a verb that needs none
 * @param verb what was done
 * @param requestId the caller's name for the request
 * @param caller who asked
 * @param startedAt when it was accepted
 * @param finishedAt when it ended
 * @param result {@code SUCCEEDED}, {@code FAILED} or {@code CANCELLED}
 * @param failure what it failed with
 * @param steps its steps
 */
public record ActionRow(
        InstanceId instance,
        OperationId id,
        String verb,
        String requestId,
        Caller caller,
        Instant startedAt,
        Instant finishedAt,
        String result,
        Optional<FailureRow> failure,
        List<StepRow> steps) {
    Map<String, String> attributes() {
        return Map.of("instance", instance.toString());
    }
}
