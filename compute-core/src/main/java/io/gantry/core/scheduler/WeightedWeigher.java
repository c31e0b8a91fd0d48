package io.gantry.core.scheduler;

import io.gantry.spi.scheduler.HostWeigher;

/**
 * A weigher with its say.
 *
 * @param weigher the weigher
 * @param multiplier how much it counts; negative turns it round
 */
public record WeightedWeigher(HostWeigher weigher, double multiplier) {}
