package io.gantry.maintenance;

import io.gantry.operation.ProgressDetail;
import java.util.List;

/**
 * How far the run of a plan is.
 *
 * @param moves all moves, by number
 * @param paused whether no more moves are begun until it is resumed
 */
public record PlanProgress(List<MoveOutcome> moves, boolean paused) implements ProgressDetail {
    /**
     * Copies the list.
     *
     * @param moves see the record
     * @param paused see the record
     */
    public PlanProgress {
        moves = List.copyOf(moves);
    }

    /**
     * {@return how many moves have a status}
     *
     * @param status the status
     */
    public long count(MoveStatus status) {
        return moves.stream().filter(move -> move.status() == status).count();
    }
}
