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
 * Passes hosts with fewer other members of the instance's server group than the group's {@code max_server_per_host}, if its
 * policy is anti-affinity; all others.
 *
 * <p>Rejects with code {@code GROUP_ANTI_AFFINITY}: needed is the limit, free how many members the host has.
 */
public final class ServerGroupAntiAffinityFilter implements HostFilter {
    /** Creates the filter. */
    public ServerGroupAntiAffinityFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return Groups.judge(request, ServerGroupPolicy.ANTI_AFFINITY, host);
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return Groups.columns(request, ServerGroupPolicy.ANTI_AFFINITY);
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with fewer members of the instance's server group than its rule `max_server_per_host`, if its policy"
                                + " is anti-affinity",
                        "the group; on which hosts its other members hold claims")
                .rejectingWith(GroupView.ANTI_AFFINITY_CODE);
    }
}
