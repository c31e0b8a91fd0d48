package io.gantry.maintenance;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import java.util.Optional;

/**
 * What became of a move of a plan so far.
 *
 * @param number the move's number; those that were added while the plan ran follow the plan's own
 * @param instance which instance
 * @param source where it was
 * @param target where it goes or went; not the plan's own target if it was planned anew
 * @param kind how
 * @param status how far it is
 * @param replanned whether it was tried a second time: its first target could no longer take it, and another one was found,
 *     or the control node that moved it went away
 * @param operation the migration, if one was begun
 * @param detail why it failed, was left out, waits or was planned anew; empty if there is nothing to say
 */
public record MoveOutcome(
        int number,
        InstanceId instance,
        HostId source,
        HostId target,
        MoveKind kind,
        MoveStatus status,
        boolean replanned,
        Optional<OperationId> operation,
        String detail) {}
