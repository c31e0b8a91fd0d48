package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.SortedSet;

/**
 * Keeps hosts to the projects that their aggregates name: under the metadata {@code filter_tenant_id}, and all other keys that
 * begin so, with commas between several. Hosts whose aggregates name none are for all projects, the named ones included: this
 * keeps others out, and nobody in. Reads the project of the instance and that metadata. No options.
 *
 * <p>Rejects with code {@code AGGREGATE_PROJECT}: needed is the project, free those that the host is for.
 */
public final class AggregateMultiTenancyIsolationFilter implements HostFilter {
    private static final String PREFIX = "filter_tenant_id";

    /** Creates the filter. */
    public AggregateMultiTenancyIsolationFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        SortedSet<String> projects = AggregateValues.underPrefix(host, PREFIX);
        String project = request.project().value();
        return projects.isEmpty() || projects.contains(project)
                ? Verdict.pass()
                : Verdict.reject("AGGREGATE_PROJECT", "project " + project, "projects " + String.join(", ", projects));
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "whose aggregates name the instance's project, or none",
                        "the project",
                        "aggregate metadata `" + PREFIX + "` and all keys that begin so")
                .rejectingWith("AGGREGATE_PROJECT");
    }
}
