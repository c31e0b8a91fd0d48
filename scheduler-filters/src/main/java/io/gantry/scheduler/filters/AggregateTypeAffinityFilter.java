package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.SortedSet;

/**
 * Keeps hosts to the flavors that their aggregates name under the metadata {@code instance_type}, with commas between several.
 * Hosts whose aggregates name none are for all flavors. Reads the flavor's name and that metadata. No options.
 *
 * <p>Rejects with code {@code AGGREGATE_FLAVOR}: needed is the flavor, free those that the host is for.
 */
public final class AggregateTypeAffinityFilter implements HostFilter {
    private static final String KEY = "instance_type";

    /** Creates the filter. */
    public AggregateTypeAffinityFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        SortedSet<String> flavors = AggregateValues.of(host, KEY);
        String flavor = request.flavor().name();
        return flavors.isEmpty() || flavors.contains(flavor)
                ? Verdict.pass()
                : Verdict.reject("AGGREGATE_FLAVOR", "flavor " + flavor, "flavors " + String.join(", ", flavors));
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "whose aggregates name the flavor, or none",
                        "the flavor's name",
                        "aggregate metadata `" + KEY + "`")
                .rejectingWith("AGGREGATE_FLAVOR");
    }
}
