package io.gantry.placement;

/**
 * How one weigher rates one host.
 *
 * @param weigher the weigher's name
 * @param raw what it measured
 * @param normalised the same on a scale from 0 to 1 over the hosts that were weighed
 * @param weighted normalised times the weigher's multiplier
 */
public record WeigherScore(String weigher, double raw, double normalised, double weighted) {}
