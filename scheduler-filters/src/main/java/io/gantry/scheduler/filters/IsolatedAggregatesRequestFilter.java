package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.RequestFilter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps hosts for those who ask for them: an aggregate with the metadata {@code trait:TRAIT} = {@code required} takes only
 * instances whose flavor or image requires that trait; with several, all of them. {@link AggregatesFilter} has to be among the
 * engine's filters.
 */
public final class IsolatedAggregatesRequestFilter implements RequestFilter {
    private static final String PREFIX = "trait:";
    private static final String REQUIRED = "required";

    /** Creates the filter. */
    public IsolatedAggregatesRequestFilter() {}

    @Override
    public PlacementRequest apply(PlacementRequest request, Map<String, Map<String, String>> aggregates) {
        Set<String> required = request.needs().required();
        Set<String> others = new HashSet<>();
        aggregates.forEach((name, metadata) -> metadata.forEach((key, value) -> {
            if (key.startsWith(PREFIX)
                    && value.strip().equals(REQUIRED)
                    && !required.contains(key.substring(PREFIX.length()))) {
                others.add(name);
            }
        }));
        return others.isEmpty()
                ? request
                : request.toBuilder().forbidAggregates(others).build();
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                "rules out aggregates that are for other traits than those that flavor and image require",
                "extra specs and image properties `trait:TRAIT`",
                "aggregate metadata `trait:TRAIT` (`required`)");
    }
}
