package io.gantry.core.state;

import io.gantry.error.ResourceRef;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An operation's entry in the journal, written before and after each of its steps.
 *
 * @param id its id
 * @param verb what it does
 * @param resource what it does it to
 * @param status how far it is
 * @param step index of the step that was begun last; -1 before the first
 * @param undoing whether steps are being undone
 * @param data what the steps recorded, for later steps and for undoing
 * @param failure code and message of the failure that ended it or that it is being undone for
 * @param createdAt when it was accepted
 * @param updatedAt when this entry was last written
 */
public record OperationRow(
        OperationId id,
        String verb,
        ResourceRef resource,
        OperationStatus status,
        int step,
        boolean undoing,
        Map<String, String> data,
        Optional<String> failure,
        Instant createdAt,
        Instant updatedAt) {
    /** {@return the entry of a new operation} */
    public static OperationRow accepted(OperationId id, String verb, ResourceRef resource, Instant now) {
        return new OperationRow(
                id, verb, resource, OperationStatus.ACCEPTED, -1, false, Map.of(), Optional.empty(), now, now);
    }

    /** {@return the entry at another step} */
    public OperationRow at(int index, boolean backwards, Map<String, String> recorded, Instant now) {
        return new OperationRow(
                id,
                verb,
                resource,
                OperationStatus.RUNNING,
                index,
                backwards,
                Map.copyOf(recorded),
                failure,
                createdAt,
                now);
    }

    /** {@return the entry of the ended operation} */
    public OperationRow ended(OperationStatus end, Optional<String> why, Instant now) {
        return new OperationRow(id, verb, resource, end, step, undoing, data, why, createdAt, now);
    }
}
