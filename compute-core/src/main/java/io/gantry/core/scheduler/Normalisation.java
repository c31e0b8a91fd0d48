package io.gantry.core.scheduler;

/** Brings raw weights to a scale from 0 to 1. */
final class Normalisation {
    private Normalisation() {}

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
