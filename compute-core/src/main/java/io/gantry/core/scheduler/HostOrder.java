package io.gantry.core.scheduler;

import static java.util.Objects.requireNonNull;

import io.gantry.placement.HostReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * In which order ranked hosts are tried. Several engines, or many requests at once, that all try the best host first get into
 * each other's way; drawing among the best keeps them apart.
 */
public final class HostOrder {
    private final int subsetSize;
    private final boolean shuffleBest;
    private final RandomGenerator random;

    /**
     * Creates an order.
     *
     * @param subsetSize the first host is drawn from this many of the best, 1 or more; 1 for the best itself
     * @param shuffleBest whether those that weigh the same as the best are shuffled before
     * @param random what is drawn with; safe for use by many threads
     */
    public HostOrder(int subsetSize, boolean shuffleBest, RandomGenerator random) {
        this.subsetSize = subsetSize;
        this.shuffleBest = shuffleBest;
        this.random = requireNonNull(random, "random");
    }

    /** {@return the order in which the best comes first, and those that weigh the same by id} */
    public static HostOrder bestFirst() {
        return new HostOrder(1, false, RandomGenerator.getDefault());
    }

    /**
     * {@return the order in which to try hosts}
     *
     * @param ranked all hosts, best first
     */
    List<HostReport> of(List<HostReport> ranked) {
        List<HostReport> order = new ArrayList<>(ranked);
        if (shuffleBest) {
            shuffle(order.subList(0, asGoodAsTheBest(order)));
        }
        return drawn(order);
    }

    /** {@return hosts, the first of them drawn among the best; those that weigh the same are shuffled already, if ever} */
    List<HostReport> drawn(List<HostReport> ranked) {
        int drawn = Math.min(subsetSize, ranked.size());
        if (drawn < 2) {
            return ranked;
        }
        List<HostReport> order = new ArrayList<>(ranked);
        order.add(0, order.remove(random.nextInt(drawn)));
        return order;
    }

    /** {@return the first host is drawn from this many of the best} */
    int subsetSize() {
        return subsetSize;
    }

    /** {@return whether those that weigh the same as the best are shuffled} */
    boolean shufflesBest() {
        return shuffleBest;
    }

    /** {@return what to shuffle with; drawn only if hosts are shuffled} */
    long seed() {
        return shuffleBest ? random.nextLong() : 0;
    }

    private static int asGoodAsTheBest(List<HostReport> ranked) {
        int count = 0;
        while (count < ranked.size()
                && ranked.get(count).weight() == ranked.get(0).weight()) {
            count++;
        }
        return count;
    }

    /** Fisher and Yates's; {@code Collections.shuffle} takes no {@code RandomGenerator} in Java 17. */
    private void shuffle(List<HostReport> hosts) {
        for (int i = hosts.size(); i > 1; i--) {
            Collections.swap(hosts, i - 1, random.nextInt(i));
        }
    }
}
