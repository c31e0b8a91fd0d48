package io.gantry.maintenance;

import io.gantry.host.HostId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Moves that were found to fit, with what they are expected to take. Nothing is moved before the plan is run; until then
 * and meanwhile things may change, hence each move is checked and claimed anew when its turn comes. Immutable.
 *
 * @param kind what it is for
 * @param drained the host that it empties, if it does
 * @param reason why that host is drained; empty for a rebalance
 * @param moves the moves, in order; each instance has one at most
 * @param unmovable the instances that should go and cannot
 * @param before the load as it was found
 * @param after the load when all moves are made
 * @param duration what the moves are expected to take in all
 * @param settings how the moves are made
 */
public record MigrationPlan(
        PlanKind kind,
        Optional<HostId> drained,
        String reason,
        List<PlannedMove> moves,
        List<UnmovableInstance> unmovable,
        FleetLoad before,
        FleetLoad after,
        Duration duration,
        MoveSettings settings) {
    /**
     * Copies the lists.
     *
     * @param kind see the record
     * @param drained see the record
     * @param reason see the record
     * @param moves see the record
     * @param unmovable see the record
     * @param before see the record
     * @param after see the record
     * @param duration see the record
     * @param settings see the record
     */
    public MigrationPlan {
        moves = List.copyOf(moves);
        unmovable = List.copyOf(unmovable);
    }

    /** {@return whether there is nothing to move} */
    public boolean isEmpty() {
        return moves.isEmpty();
    }

    /** {@return the plan as a table for a person: a line for each move and for each instance that cannot be moved} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(drained.map(host -> "Drain of host " + host + " (" + reason + ")")
                .orElse("Rebalance"));
        text.append(": ").append(moves.size()).append(" moves in ").append(seconds(duration));
        text.append("\n  before: ").append(before).append("\n  after:  ").append(after);
        if (!moves.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%4s %4s  %-36s  %-20s  %-12s  %-12s  %-4s  %9s  %9s  %9s",
                    "no",
                    "wave",
                    "instance",
                    "name",
                    "from",
                    "to",
                    "kind",
                    "start",
                    "takes",
                    "downtime"));
        }
        for (PlannedMove move : moves) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%4d %4d  %-36s  %-20s  %-12s  %-12s  %-4s  %9s  %9s  %9s%s",
                    move.number(),
                    move.wave(),
                    move.instance(),
                    move.name(),
                    move.source(),
                    move.target(),
                    move.kind(),
                    seconds(move.prediction().start()),
                    seconds(move.prediction().duration()),
                    seconds(move.prediction().downtime()),
                    move.prediction().measured() ? "" : "  (assumed)"));
        }
        unmovable.forEach(left -> text.append("\n  stays: ")
                .append(left.instance())
                .append(' ')
                .append(left.name())
                .append(": ")
                .append(left.code())
                .append(": ")
                .append(left.reason()));
        return text.toString();
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2fs", duration.toNanos() / 1e9);
    }
}
