package io.gantry.spi.scheduler;

/** How raw values of a weigher become numbers from 0 to 1, over the hosts that are weighed. */
public enum WeightScale {
    /** (raw - min) / (max - min); 0 for all if all are equal. The best host has 1 and the worst 0, however close they are. */
    MIN_MAX,
    /**
     * raw / max, where raw values below 0 count as 0; 0 for all if none is above 0. For amounts: hosts that have nearly the
     * same have nearly the same number, and those that have exactly the same all have 1.
     */
    FROM_ZERO
}
