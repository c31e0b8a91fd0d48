package io.gantry.core.scheduler;

import io.gantry.spi.scheduler.WeightScale;

/**
 * Brings raw weights to a scale from 0 to 1.
 *
 * @param scale the weigher's scale
 * @param min the least finite raw value
 * @param max the greatest finite raw value
 * @param allFinite whether all raw values are finite
 */
record Normalisation(WeightScale scale, double min, double max, boolean allFinite) {
    /** {@return the normalisation over the first values, of which those that are not finite are left out} */
    static Normalisation over(WeightScale scale, double[] raw, int count) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, raw[i]);
            most = Math.max(most, raw[i]);
        }
        // What is no number makes both so.
        return Double.isFinite(least) && Double.isFinite(most)
                ? new Normalisation(scale, least, most, true)
                : overFinite(scale, raw, count);
    }

    private static Normalisation overFinite(WeightScale scale, double[] raw, int count) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            if (Double.isFinite(raw[i])) {
                min = Math.min(min, raw[i]);
                max = Math.max(max, raw[i]);
            }
        }
        return new Normalisation(scale, min, max, false);
    }

    /** {@return whether nothing tells the values apart, so that each becomes 0} */
    boolean isFlat() {
        return !(max > (scale == WeightScale.FROM_ZERO ? 0 : min));
    }

    /** Adds the first raw values, normalised and multiplied, to weights. */
    void addTo(double[] weights, double[] raw, int count, double multiplier) {
        if (scale == WeightScale.FROM_ZERO && allFinite && min >= 0) {
            // The usual case, without a condition for each host: the compiler makes vector instructions of it.
            for (int i = 0; i < count; i++) {
                weights[i] += raw[i] / max * multiplier;
            }
        } else {
            for (int i = 0; i < count; i++) {
                weights[i] += of(raw[i]) * multiplier;
            }
        }
    }

    /** {@return a raw value, normalised; 0 if it is not finite} */
    double of(double raw) {
        if (!Double.isFinite(raw)) {
            return 0;
        }
        return scale == WeightScale.FROM_ZERO ? fromZero(raw) : minMax(raw);
    }

    /** {@return raw / max, negative values taken as 0; 0 for all if none is above 0} */
    private double fromZero(double raw) {
        return raw > 0 ? raw / max : 0;
    }

    /** {@return (raw - min) / (max - min); 0 for all if those are equal} */
    private double minMax(double raw) {
        double range = max - min;
        if (!(range > 0)) {
            return 0;
        }
        // A range that overflows is halved on both sides of the division.
        return Double.isInfinite(range) ? (raw / 2 - min / 2) / (max / 2 - min / 2) : (raw - min) / range;
    }
}
