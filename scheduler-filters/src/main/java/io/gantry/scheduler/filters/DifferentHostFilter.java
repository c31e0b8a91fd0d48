package io.gantry.scheduler.filters;

import io.gantry.instance.InstanceId;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;
import java.util.Set;

/** Passes hosts without any of the instances that the hint {@code differentHost} names. Rejects with code {@code DIFFERENT_HOST}. */
public final class DifferentHostFilter implements HostFilter {
    static final String CODE = "DIFFERENT_HOST";

    /** Creates the filter. */
    public DifferentHostFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        for (InstanceId other : request.hints().differentHost()) {
            if (request.hintedHosts().getOrDefault(other, Set.of()).contains(host.id())) {
                return Verdict.reject(CODE, "a host without " + other, other.toString());
            }
        }
        return Verdict.pass();
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return request.hints().differentHost().isEmpty() ? Optional.of(ColumnFilter.KEEP_ALL) : Optional.empty();
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "that have none of the instances that the hint names", "hint `differentHost`", "the host's id")
                .rejectingWith(CODE);
    }
}
