package io.gantry.maintenance;

import io.gantry.unit.Bandwidth;
import java.time.Duration;

/**
 * What a move is expected to take, by the model in {@code docs/guide/maintenance.md}.
 *
 * @param bytes what is to be copied in the first pass over the memory, or of the disk
 * @param dirtyRate how fast the guest writes memory meanwhile; zero for a cold move
 * @param measured whether memory and dirty rate were measured, by the driver or in an earlier migration, not assumed
 * @param passes passes over the memory, the last one, for which the guest stands still, included; 1 for a cold move
 * @param start when it begins, from the begin of the plan
 * @param duration how long it takes, beside the moves that share its links then
 * @param downtime how long the guest stands still; the whole duration for a cold move
 */
public record MovePrediction(
        long bytes,
        Bandwidth dirtyRate,
        boolean measured,
        int passes,
        Duration start,
        Duration duration,
        Duration downtime) {
    /** {@return when it ends, from the begin of the plan} */
    public Duration end() {
        return start.plus(duration);
    }
}
