package io.gantry.core.state;

import io.gantry.host.HostId;
import io.gantry.operation.OperationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The run of a plan that has not ended: what it is told, and which links its moves use. Runs count one another's moves, so
 * that all of them together keep to the limits.
 *
 * @param run the operation
 * @param drained the host that it empties, if it does
 * @param paused whether it begins no more moves
 * @param aborting whether its moves under way are to be aborted
 * @param active its moves under way
 */
public record PlanRunRow(
        OperationId run, Optional<HostId> drained, boolean paused, boolean aborting, List<ActiveMove> active) {
    /** Copies the list. */
    public PlanRunRow {
        active = List.copyOf(active);
    }

    /**
     * A move under way.
     *
     * @param number its number in the plan
     * @param source whose link it leaves by
     * @param target whose link it comes in by
     */
    public record ActiveMove(int number, HostId source, HostId target) {}

    /** {@return the row of a run that begins} */
    public static PlanRunRow begun(OperationId run, Optional<HostId> drained) {
        return new PlanRunRow(run, drained, false, false, List.of());
    }

    /** {@return the row, paused or not} */
    public PlanRunRow paused(boolean whether) {
        return new PlanRunRow(run, drained, whether, aborting, active);
    }

    /** {@return the row, with its moves under way to be aborted} */
    public PlanRunRow abort() {
        return new PlanRunRow(run, drained, paused, true, active);
    }

    /** {@return the row with a move under way} */
    public PlanRunRow with(ActiveMove move) {
        List<ActiveMove> more = new ArrayList<>(without(move.number()).active);
        more.add(move);
        return new PlanRunRow(run, drained, paused, aborting, more);
    }

    /** {@return the row without a move} */
    public PlanRunRow without(int number) {
        return new PlanRunRow(
                run,
                drained,
                paused,
                aborting,
                active.stream().filter(move -> move.number() != number).toList());
    }
}
