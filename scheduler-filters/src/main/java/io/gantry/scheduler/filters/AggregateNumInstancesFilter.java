package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Passes hosts with fewer instances than a limit, which their aggregates may set with the metadata
 * {@code max_instances_per_host}: of several limits the lowest counts. If none is set, or one of them is no whole number, it is
 * the option's, 50 by default. Reads that metadata, and how many instances hold a claim on the host.
 *
 * <p>Rejects with code {@code INSTANCES}: needed is the limit, free how many instances the host has.
 */
public final class AggregateNumInstancesFilter implements HostFilter {
    private static final String KEY = "max_instances_per_host";
    /** No longer than what a long holds. */
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");

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
        return InstanceLimit.judge(host.usage().instances(), limit(host.aggregateMetadata(KEY)));
    }

    private long limit(Set<String> set) {
        long lowest = Long.MAX_VALUE;
        for (String text : set) {
            String limit = text.strip();
            if (!WHOLE.matcher(limit).matches()) {
                return max;
            }
            lowest = Math.min(lowest, Long.parseLong(limit));
        }
        return set.isEmpty() ? max : lowest;
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
