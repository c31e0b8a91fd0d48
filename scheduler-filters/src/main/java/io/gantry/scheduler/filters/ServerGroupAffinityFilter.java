package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.GroupView;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Passes the host where all other members of the instance's server group are, or any if they are nowhere, if the group's
 * policy is affinity; all others. A member that is moving is in two places, so that no host passes until it has arrived.
 *
 * <p>Rejects with code {@code GROUP_AFFINITY}: needed is how many members there are, free how many of them the host has.
 */
public final class ServerGroupAffinityFilter implements HostFilter {
    /** Creates the filter. */
    public ServerGroupAffinityFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return Groups.judge(request, ServerGroupPolicy.AFFINITY, host);
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return Groups.columns(request, ServerGroupPolicy.AFFINITY);
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "where all other members of the instance's server group are, or any if they are nowhere, if its"
                                + " policy is affinity",
                        "the group; on which hosts its other members hold claims")
                .rejectingWith(GroupView.AFFINITY_CODE);
    }
}
