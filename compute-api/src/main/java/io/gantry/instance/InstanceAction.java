package io.gantry.instance;

import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.operation.OperationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that was done, or is being done, to an instance.
 *
 * @param id the operation that did it; an id of its own for verbs that need none, such as a change of metadata
 * @param instance the instance
 * @param verb what was done
 * @param requestId the caller's own name for the request, or the operation's id
 * @param project the caller's project
 * @param user the caller
 * @param startedAt when it was accepted
 * @param finishedAt when it ended; empty while it goes on
 * @param result {@code SUCCEEDED}, {@code FAILED} or {@code CANCELLED}; empty while it goes on
 * @param fault what it failed with
 * @param steps what it did, in order; empty for callers who may not see the cloud's insides
 */
public record InstanceAction(
        OperationId id,
        InstanceId instance,
        String verb,
        String requestId,
        ProjectId project,
        UserId user,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Optional<String> result,
        Optional<InstanceFault> fault,
        List<ActionStep> steps) {
    /**
     * Copies the steps.
     *
     * @param id see the record
     * @param instance see the record
     * @param verb see the record
     * @param requestId see the record
     * @param project see the record
     * @param user see the record
     * @param startedAt see the record
     * @param finishedAt see the record
     * @param result see the record
     * @param fault see the record
     * @param steps see the record
     */
    public InstanceAction {
        steps = List.copyOf(steps);
    }

    /**
     * One step of an action.
     *
     * @param name the step
     * @param undo whether it was undone rather than done
     * @param startedAt when it was begun
     * @param finishedAt when it ended; empty while it goes on
     * @param result {@code DONE}, {@code UNDONE}, or {@code FAILED:} and the failure's code; empty while it goes on
     */
    public record ActionStep(
            String name, boolean undo, Instant startedAt, Optional<Instant> finishedAt, String result) {}
}
