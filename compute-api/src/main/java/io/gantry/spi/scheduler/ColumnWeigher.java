package io.gantry.spi.scheduler;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * How a weigher rates many hosts for one request. It must yield what {@link HostWeigher#weigh} yields for each; the contract
 * kit compares the two. Called by one thread.
 */
@FunctionalInterface
public interface ColumnWeigher {
    /** Rates every host 0: for a request that concerns nothing that the weigher measures. */
    ColumnWeigher ZERO = unless(hosts -> true, (hosts, rows, count, raw) -> Arrays.fill(raw, 0, count, 0));

    /**
     * Rates hosts.
     *
     * @param hosts the hosts
     * @param rows the rows in question, ascending; not to be changed
     * @param count how many of them are in question
     * @param raw takes the raw value of {@code rows[i]} at {@code i}
     */
    void weigh(HostTable hosts, int[] rows, int count, double[] raw);

    /**
     * {@return whether it rates every host 0, as far as that is known without a look at each} It is not asked to rate them
     * then.
     *
     * @param hosts the hosts
     */
    default boolean isZero(HostTable hosts) {
        return false;
    }

    /**
     * {@return a weigher that is not asked while it is known to rate every host 0}
     *
     * @param zero whether it does
     * @param weigher rates hosts
     */
    static ColumnWeigher unless(Predicate<HostTable> zero, ColumnWeigher weigher) {
        return new ColumnWeigher() {
            @Override
            public void weigh(HostTable hosts, int[] rows, int count, double[] raw) {
                weigher.weigh(hosts, rows, count, raw);
            }

            @Override
            public boolean isZero(HostTable hosts) {
                return zero.test(hosts);
            }
        };
    }
}
