package io.gantry.maintenance;

import io.gantry.instance.InstanceId;
import java.util.List;

/**
 * What a plan that was run has come to.
 *
 * @param moves what became of each move, by number
 * @param remaining the instances that are still on the drained host, or on their way to it; empty for a rebalance
 */
public record PlanReport(List<MoveOutcome> moves, List<InstanceId> remaining) {
    /**
     * Copies the lists.
     *
     * @param moves see the record
     * @param remaining see the record
     */
    public PlanReport {
        moves = List.copyOf(moves);
        remaining = List.copyOf(remaining);
    }

    /** {@return whether every move was made, and the drained host, if there is one, has no instance left} */
    public boolean isComplete() {
        return remaining.isEmpty() && moves.stream().allMatch(move -> move.status() == MoveStatus.MOVED);
    }

    /** {@return the moves that failed} */
    public List<MoveOutcome> failed() {
        return moves.stream().filter(move -> move.status() == MoveStatus.FAILED).toList();
    }
}
