package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;

/**
 * Passes hosts with fewer builds, moves, snapshots and the like in progress than a limit, which their aggregates may set with
 * the metadata {@code max_io_ops_per_host}: of several limits the lowest counts. If none is set, or one of them is no whole
 * number, it is the option's, 8 by default.
 *
 * <p>Rejects with code {@code IO_OPS}: needed is the limit, free how many are in progress.
 */
public final class AggregateIoOpsFilter implements HostFilter {
    private static final String KEY = "max_io_ops_per_host";

    private final int max;

    /** Creates the filter with a limit of 8 for hosts whose aggregates set none. */
    public AggregateIoOpsFilter() {
        this(IoOpsLimit.DEFAULT);
    }

    /**
     * Creates the filter.
     *
     * @param max how many operations may be in progress on a host whose aggregates do not say, 1 or more
     * @throws InvalidRequest if it is less than 1
     */
    public AggregateIoOpsFilter(int max) {
        this.max = IoOpsLimit.check("aggregateIoOpsFilter.max", max);
    }

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return IoOpsLimit.judge(host.ioOps(), AggregateValues.lowest(host, KEY, max));
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with fewer I/O operations in progress than the lowest `" + KEY + "` of their aggregates",
                        IoOpsLimit.READS,
                        "aggregate metadata `" + KEY + "`")
                .option(
                        "max",
                        Integer.toString(IoOpsLimit.DEFAULT),
                        "the limit where no aggregate sets one, or one of them is no whole number")
                .rejectingWith(IoOpsLimit.CODE);
    }
}
