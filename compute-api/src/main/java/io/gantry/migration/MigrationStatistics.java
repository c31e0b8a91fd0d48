package io.gantry.migration;

import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the hypervisor says of a migration job.
 *
 * @param elapsed since the job began
 * @param memoryTotal bytes of guest memory to move in all; 0 if not told
 * @param memoryProcessed bytes moved; may exceed the total, since pages are moved again
 * @param memoryRemaining bytes still to move
 * @param dirtyRate how fast the guest dirties memory; zero if not told
 * @param bandwidth how fast memory moves; zero if not told
 * @param iteration passes over memory, 1 for the first; 0 if not told
 * @param downtime how long the guest stood still, or is expected to; empty if not told
 * @param other further figures by the hypervisor's own names
 */
public record MigrationStatistics(
        Duration elapsed,
        long memoryTotal,
        long memoryProcessed,
        long memoryRemaining,
        Bandwidth dirtyRate,
        Bandwidth bandwidth,
        long iteration,
        Optional<Duration> downtime,
        Map<String, String> other) {
    /** Nothing is known. */
    public static final MigrationStatistics NONE = new MigrationStatistics(
            Duration.ZERO, 0, 0, 0, new Bandwidth(0), new Bandwidth(0), 0, Optional.empty(), Map.of());

    /**
     * Copies the further figures.
     *
     * @param elapsed see the record
     * @param memoryTotal see the record
     * @param memoryProcessed see the record
     * @param memoryRemaining see the record
     * @param dirtyRate see the record
     * @param bandwidth see the record
     * @param iteration see the record
     * @param downtime see the record
     * @param other see the record
     */
    public MigrationStatistics {
        other = Map.copyOf(other);
    }
}
