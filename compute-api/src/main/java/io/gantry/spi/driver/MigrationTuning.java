package io.gantry.spi.driver;

import io.gantry.unit.Bandwidth;
import java.time.Duration;

/**
 * How a memory copy is to run.
 *
 * @param maxDowntime how long the guest may stand still
 * @param maxBandwidth bound on bandwidth; zero for none
 */
public record MigrationTuning(Duration maxDowntime, Bandwidth maxBandwidth) {}
