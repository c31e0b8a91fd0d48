package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;
import java.util.Set;

/**
 * Passes hosts with one or more of the instances that the hint {@code sameHost} names; all if it names none. Rejects with code
 * {@code SAME_HOST}.
 */
public final class SameHostFilter implements HostFilter {
    static final String CODE = "SAME_HOST";

    /** Creates the filter. */
    public SameHostFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Set<?> named = request.hints().sameHost();
        boolean there = request.hints().sameHost().stream()
                .anyMatch(other ->
                        request.hintedHosts().getOrDefault(other, Set.of()).contains(host.id()));
        return named.isEmpty() || there
                ? Verdict.pass()
                : Verdict.reject(CODE, "a host of one of " + named.size() + " instances", "none of them");
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return request.hints().sameHost().isEmpty() ? Optional.of(ColumnFilter.KEEP_ALL) : Optional.empty();
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "that have one or more of the instances that the hint names",
                        "hint `sameHost`",
                        "the host's id")
                .rejectingWith(CODE);
    }
}
