package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;

/**
 * Passes hosts with fewer instances than a limit, which their aggregates may set with the metadata
 * {@code max_instances_per_host}: of several limits the lowest counts. If none is set, or one of them is no whole number, it is
 * the option's, 50 by default. Reads that metadata, and how many instances hold a claim on the host.
 *
 * <p>Rejects with code {@code INSTANCES}: needed is the limit, free how many instances the host has.
 */
public final class AggregateNumInstancesFilter implements HostFilter {
    private static final String KEY = "max_instances_per_host";

    private final int max;

    /** Creates the filter with a limit of 50 for hosts whose aggregates set none. */
    public AggregateNumInstancesFilter() {
        this(InstanceLimit.DEFAULT);
    }

    /**
     * Creates the filter.
     *
     * @param max how many instances a host may have whose aggregates do not say, 1 or more
     * @throws InvalidRequest if it is less than 1
     */
    public AggregateNumInstancesFilter(int max) {
        this.max = InstanceLimit.check("aggregateNumInstancesFilter.max", max);
    }

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return InstanceLimit.judge(host.usage().instances(), AggregateValues.lowest(host, KEY, max));
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with fewer instances than the lowest `" + KEY + "` of their aggregates",
                        "instances with a claim on the host",
                        "aggregate metadata `" + KEY + "`")
                .option(
                        "max",
                        Integer.toString(InstanceLimit.DEFAULT),
                        "the limit where no aggregate sets one, or one of them is no whole number")
                .rejectingWith(InstanceLimit.CODE);
    }
}
