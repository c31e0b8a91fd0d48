package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Passes hosts that are in the aggregates that request filters ask for, and in none that they rule out. Rejects with code
 * {@code NOT_IN_AGGREGATE} or {@code IN_AGGREGATE}.
 */
public final class AggregatesFilter implements HostFilter {
    /** Creates the filter. */
    public AggregatesFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Set<String> in = host.aggregates().keySet();
        for (Set<String> oneOf : request.requiredAggregates()) {
            if (Collections.disjoint(in, oneOf)) {
                return Verdict.reject("NOT_IN_AGGREGATE", "one of " + new TreeSet<>(oneOf), shown(in));
            }
        }
        Set<String> forbidden = new TreeSet<>(request.forbiddenAggregates());
        forbidden.retainAll(in);
        return forbidden.isEmpty()
                ? Verdict.pass()
                : Verdict.reject("IN_AGGREGATE", "none of " + new TreeSet<>(request.forbiddenAggregates()), shown(in));
    }

    private static String shown(Set<String> aggregates) {
        return aggregates.isEmpty() ? "no aggregate" : new TreeSet<>(aggregates).toString();
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        boolean asksNothing = request.requiredAggregates().isEmpty()
                && request.forbiddenAggregates().isEmpty();
        return asksNothing ? Optional.of(ColumnFilter.KEEP_ALL) : Optional.empty();
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "of the aggregates that request filters ask for, and of none that they rule out",
                        "what request filters made of the request",
                        "the host's aggregates")
                .rejectingWith("NOT_IN_AGGREGATE", "IN_AGGREGATE");
    }
}
