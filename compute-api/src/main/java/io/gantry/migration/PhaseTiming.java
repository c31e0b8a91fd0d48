package io.gantry.migration;

import java.time.Duration;

/**
 * How long a phase took.
 *
 * @param phase the phase
 * @param duration its duration
 */
public record PhaseTiming(MigrationPhase phase, Duration duration) {}
