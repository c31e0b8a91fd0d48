package io.gantry.jmh.fleet;

/** Times. */
final class Samples {
    private final long[] sorted;

    /**
     * Holds times.
     *
     * @param sorted in microseconds, the shortest first; not copied
     */
    Samples(long[] sorted) {
        this.sorted = sorted;
    }

    int count() {
        return sorted.length;
    }

    /** {@return the time within which so many of a hundred were, in milliseconds; 0 if there are none} */
    double millis(int percent) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return sorted[Math.max(0, rank - 1)] / 1_000.0;
    }

    @Override
    public String toString() {
        return String.format("p50 %.1f ms, p99 %.1f ms, longest %.1f ms", millis(50), millis(99), millis(100));
    }
}
