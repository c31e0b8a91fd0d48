package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.RequestFilter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps projects in the aggregates that name them with {@code filter_tenant_id}, or any key that begins so; what
 * {@link AggregateMultiTenancyIsolationFilter} does not: that one only keeps others out. A project that no aggregate names may
 * go anywhere, unless an aggregate is mandatory. {@link AggregatesFilter} has to be among the engine's filters.
 */
public final class TenantAggregateRequestFilter implements RequestFilter {
    private static final String PREFIX = "filter_tenant_id";

    private final boolean mandatory;

    /** Creates the filter for projects that may do without an aggregate. */
    public TenantAggregateRequestFilter() {
        this(false);
    }

    /**
     * Creates the filter.
     *
     * @param mandatory whether each project needs an aggregate
     */
    public TenantAggregateRequestFilter(boolean mandatory) {
        this.mandatory = mandatory;
    }

    @Override
    public PlacementRequest apply(PlacementRequest request, Map<String, Map<String, String>> aggregates) {
        String project = request.project().value();
        Set<String> ours = new HashSet<>();
        aggregates.forEach((name, metadata) -> metadata.forEach((key, value) -> {
            if (key.startsWith(PREFIX) && AggregateValues.split(value).contains(project)) {
                ours.add(name);
            }
        }));
        if (!ours.isEmpty()) {
            return request.toBuilder().requireAggregates(ours).build();
        }
        if (mandatory) {
            throw new InvalidRequest(
                    "instance.project",
                    project,
                    "has no hosts of its own, which each project needs here",
                    "Have an administrator name the project in an aggregate's " + PREFIX);
        }
        return request;
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "asks for one of the aggregates that name the instance's project",
                        "the project",
                        "aggregate metadata `filter_tenant_id` and all keys that begin so")
                .option("mandatory", "false", "whether projects that no aggregate names are refused");
    }
}
