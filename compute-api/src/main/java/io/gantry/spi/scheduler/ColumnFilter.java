package io.gantry.spi.scheduler;

/**
 * How a filter judges many hosts for one request. It must keep exactly the hosts that {@link HostFilter#test} passes, which is
 * asked for the reasons; the contract kit compares the two. Called by one thread.
 */
@FunctionalInterface
public interface ColumnFilter {
    /** Keeps every host: for a request that asks nothing of the filter. */
    ColumnFilter KEEP_ALL = (hosts, rows, count) -> count;

    /**
     * Moves the rows that it keeps to the front, in their order.
     *
     * @param hosts the hosts
     * @param rows the rows in question, ascending; changed
     * @param count how many of them are in question
     * @return how many are kept
     */
    int retain(HostTable hosts, int[] rows, int count);
}
