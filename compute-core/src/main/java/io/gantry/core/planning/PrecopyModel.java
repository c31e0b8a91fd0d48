package io.gantry.core.planning;

/**
 * Iterative pre-copy over a link of one rate: each pass copies what was written during the one before, until the rest can
 * be copied within the downtime that is allowed.
 */
public final class PrecopyModel {
    /** A pass that leaves more than this of what the one before left brings nothing any more. */
    private static final double STALL = 0.96;

    /** How many passes that bring nothing it takes to call it off; the first ones of a large guest may overshoot. */
    private static final int STALLS = 3;

    private static final int MOST_PASSES = 1000;

    private PrecopyModel() {}

    /**
     * What a copy takes.
     *
     * @param converges whether it ends at all
     * @param passes passes, the last one included
     * @param seconds from begin to end
     * @param downtime seconds of the last pass; if it does not converge, what it would take at the best
     */
    public record Copy(boolean converges, int passes, double seconds, double downtime) {}

    /**
     * {@return what a copy takes}
     *
     * @param load the guest's memory
     * @param bandwidth bytes a second, more than zero
     * @param maxDowntime seconds
     */
    public static Copy of(MemoryLoad load, double bandwidth, double maxDowntime) {
        double left = load.bytes();
        double seconds = 0;
        double best = Double.POSITIVE_INFINITY;
        int stalls = 0;
        for (int pass = 1; pass <= MOST_PASSES; pass++) {
            double took = left / bandwidth;
            seconds += took;
            double next = load.dirtiedIn(took);
            best = Math.min(best, next / bandwidth);
            if (next / bandwidth <= maxDowntime) {
                return new Copy(true, pass + 1, seconds + next / bandwidth, next / bandwidth);
            }
            stalls = next > STALL * left ? stalls + 1 : 0;
            if (stalls == STALLS) {
                return new Copy(false, pass, seconds, best);
            }
            left = next;
        }
        return new Copy(false, MOST_PASSES, seconds, best);
    }
}
