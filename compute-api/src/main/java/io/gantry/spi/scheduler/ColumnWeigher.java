package io.gantry.spi.scheduler;

import java.util.Arrays;

/**
 * How a weigher rates many hosts for one request. It must yield what {@link HostWeigher#weigh} yields for each; the contract
 * kit compares the two. Called by one thread.
 */
@FunctionalInterface
public interface ColumnWeigher {
    /** Rates every host 0: for a request that concerns nothing that the weigher measures. */
    ColumnWeigher ZERO = (hosts, rows, count, raw) -> Arrays.fill(raw, 0, count, 0);

    /**
     * Rates hosts.
     *
     * @param hosts the hosts
     * @param rows the rows in question, ascending; not to be changed
     * @param count how many of them are in question
     * @param raw takes the raw value of {@code rows[i]} at {@code i}
     */
    void weigh(HostTable hosts, int[] rows, int count, double[] raw);
}
