package io.gantry.core.scheduler;

import io.gantry.spi.scheduler.WeightScale;

/** Brings raw weights to a scale from 0 to 1. */
final class Normalisation {
    private Normalisation() {}

    /** {@return the values on the scale that a weigher declares} */
    static double[] of(WeightScale scale, double[] raw) {
        return switch (scale) {
            case MIN_MAX -> minMax(raw);
            case FROM_ZERO -> fromZero(raw);
        };
    }

    /** {@return raw / max over the finite values, those below 0 taken as 0; 0 for all if none is above 0, and for the others} */
    static double[] fromZero(double[] raw) {
        double max = 0;
        for (double value : raw) {
            if (Double.isFinite(value)) {
                max = Math.max(max, value);
            }
        }
        double[] normalised = new double[raw.length];
        for (int i = 0; i < raw.length; i++) {
            normalised[i] = Double.isFinite(raw[i]) && raw[i] > 0 ? raw[i] / max : 0;
        }
        return normalised;
    }

    /** {@return (raw - min) / (max - min) over the finite values; 0 for all if those are equal, and for the others} */
    static double[] minMax(double[] raw) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : raw) {
            if (Double.isFinite(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        double[] normalised = new double[raw.length];
        double range = max - min;
        for (int i = 0; i < raw.length; i++) {
            // A range that overflows is halved on both sides of the division.
            normalised[i] = !Double.isFinite(raw[i]) || !(range > 0)
                    ? 0
                    : Double.isInfinite(range) ? (raw[i] / 2 - min / 2) / (max / 2 - min / 2) : (raw[i] - min) / range;
        }
        return normalised;
    }
}
