package io.gantry.core.maintenance;

import io.gantry.core.maintenance.RunRequest.Move;
import io.gantry.core.state.PlanRunRow;
import io.gantry.host.HostId;
import io.gantry.maintenance.MoveOutcome;
import io.gantry.maintenance.MoveStatus;
import io.gantry.operation.OperationId;
import java.util.Optional;

/**
 * What is recorded of a move in the journal of its run.
 *
 * @param move the move, with the target that it has by now
 * @param status how far it is
 * @param attempt 1 for the first attempt; 2 if another target was found, or a control node that made it went away
 * @param operation the migration of the present attempt, if one was begun
 * @param detail what there is to say of it
 */
record MoveRecord(Move move, MoveStatus status, int attempt, Optional<OperationId> operation, String detail) {
    static final String KEY = "move.";

    static MoveRecord waiting(Move move) {
        return new MoveRecord(move, MoveStatus.WAITING, 1, Optional.empty(), "");
    }

    String key() {
        return KEY + move.number();
    }

    int number() {
        return move.number();
    }

    boolean is(MoveStatus other) {
        return status == other;
    }

    MoveRecord running() {
        return new MoveRecord(move, MoveStatus.RUNNING, attempt, operation, detail);
    }

    MoveRecord by(OperationId migration) {
        return new MoveRecord(move, status, attempt, Optional.of(migration), detail);
    }

    MoveRecord waitingFor(String what) {
        return new MoveRecord(move, MoveStatus.WAITING, attempt, Optional.empty(), what);
    }

    MoveRecord again(HostId target, String why) {
        return new MoveRecord(move.to(target), MoveStatus.WAITING, attempt + 1, Optional.empty(), why);
    }

    MoveRecord ended(MoveStatus end, String why) {
        return new MoveRecord(move, end, attempt, operation, why.isEmpty() ? detail : why);
    }

    PlanRunRow.ActiveMove active() {
        return new PlanRunRow.ActiveMove(move.number(), move.source(), move.target());
    }

    MoveOutcome outcome() {
        return new MoveOutcome(
                move.number(),
                move.instance(),
                move.source(),
                move.target(),
                move.kind(),
                status,
                attempt > 1,
                operation,
                detail);
    }
}
