package io.gantry.core.maintenance;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.OnFailure;
import io.gantry.maintenance.PlannedMove;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A request to make the moves of a plan, as the journal keeps it.
 *
 * @param drained the host to empty, if one is
 * @param reason why
 * @param moves the plan's moves
 * @param onFailure what follows when one fails
 * @param settings how they are made
 */
record RunRequest(Optional<HostId> drained, String reason, List<Move> moves, OnFailure onFailure, Settings settings) {
    /**
     * A move.
     *
     * @param number its place
     * @param wave its wave
     * @param instance which instance
     * @param source where from
     * @param target where to
     * @param kind how
     */
    record Move(int number, int wave, InstanceId instance, HostId source, HostId target, MoveKind kind) {
        static Move of(PlannedMove planned) {
            return new Move(
                    planned.number(),
                    planned.wave(),
                    planned.instance(),
                    planned.source(),
                    planned.target(),
                    planned.kind());
        }

        /** {@return a move that is added to a plan's own} */
        Move after(int number, int wave) {
            return new Move(number, wave, instance, source, target, kind);
        }

        Move to(HostId other) {
            return new Move(number, wave, instance, source, other, kind);
        }
    }

    /** {@link MoveSettings} in a form that can be written; runs of before patience was set have none. */
    record Settings(
            int perSource,
            int perTarget,
            int total,
            Duration maxDowntime,
            Duration deadline,
            Bandwidth bandwidth,
            Bandwidth dirtyRate,
            Duration overhead,
            Optional<Duration> patience) {
        static Settings of(MoveSettings moves) {
            return new Settings(
                    moves.perSource(),
                    moves.perTarget(),
                    moves.total(),
                    moves.maxDowntime(),
                    moves.deadline(),
                    moves.bandwidth(),
                    moves.dirtyRate(),
                    moves.overhead(),
                    Optional.of(moves.patience()));
        }

        MoveSettings moves() {
            return MoveSettings.builder()
                    .perSource(perSource)
                    .perTarget(perTarget)
                    .total(total)
                    .maxDowntime(maxDowntime)
                    .deadline(deadline)
                    .bandwidth(bandwidth)
                    .dirtyRate(dirtyRate)
                    .overhead(overhead)
                    .patience(patience.orElse(MoveSettings.defaults().patience()))
                    .build();
        }
    }

    static RunRequest of(MigrationPlan plan, OnFailure onFailure) {
        return new RunRequest(
                plan.drained(),
                plan.reason(),
                plan.moves().stream().map(Move::of).toList(),
                onFailure,
                Settings.of(plan.settings()));
    }

    DrainSpec drain() {
        return new DrainSpec(reason, settings.moves());
    }
}
