package io.gantry.core.scheduler;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * In which order filters are asked: those first that reject most for what they cost, as measured. The set of hosts that pass
 * all of them does not depend on it, since filters are pure; who is counted for a host's rejection does. Safe for use by many
 * threads.
 */
final class FilterOrder {
    /** One decision in so many is measured. */
    private static final int SAMPLED = 64;

    /** How much a new measurement counts against the old ones. */
    private static final double NEW = 0.2;

    /** Of those that reject next to nothing, the cheap ones come first. */
    private static final double LEAST_REJECTED = 1e-3;

    private final double[] nanosPerHost;
    private final double[] rejected;
    private final boolean[] known;
    private volatile int[] order;
    private int decisions;

    FilterOrder(int filters) {
        this.nanosPerHost = new double[filters];
        this.rejected = new double[filters];
        this.known = new boolean[filters];
        this.order = IntStream.range(0, filters).toArray();
    }

    /** {@return the numbers of the filters, in the order in which to ask them; not to be changed} */
    int[] order() {
        return order;
    }

    /** {@return whether to measure this decision; a rough count is enough} */
    boolean isSampled() {
        return decisions++ % SAMPLED == 0;
    }

    /** Takes note of what a filter did. */
    synchronized void measured(int filter, long nanos, int before, int after) {
        if (before == 0) {
            return;
        }
        double each = (double) nanos / before;
        double share = (double) (before - after) / before;
        double weight = known[filter] ? NEW : 1;
        nanosPerHost[filter] += weight * (each - nanosPerHost[filter]);
        rejected[filter] += weight * (share - rejected[filter]);
        known[filter] = true;
        order = IntStream.range(0, nanosPerHost.length)
                .boxed()
                .sorted(Comparator.comparingDouble(this::costOfARejection))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** One that is not known yet keeps a place at the front, where it becomes known. */
    private double costOfARejection(int filter) {
        return nanosPerHost[filter] / Math.max(LEAST_REJECTED, rejected[filter]);
    }

    @Override
    public String toString() {
        return Arrays.toString(order);
    }
}
