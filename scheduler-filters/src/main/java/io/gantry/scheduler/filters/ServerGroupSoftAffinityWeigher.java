package io.gantry.scheduler.filters;

import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Prefers hosts with many members of the instance's server group, if its policy is soft-affinity. Its multiplier is not
 * negative; aggregates may set another one for their hosts with {@code soft_affinity_weight_multiplier}.
 */
public final class ServerGroupSoftAffinityWeigher implements HostWeigher {
    /** Creates the weigher. */
    public ServerGroupSoftAffinityWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return Groups.members(request, ServerGroupPolicy.SOFT_AFFINITY, host);
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Groups.zeros(request, ServerGroupPolicy.SOFT_AFFINITY);
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("soft_affinity_weight_multiplier");
    }

    @Override
    public boolean allowsNegativeMultiplier() {
        return false;
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                "members of the instance's server group, if its policy is soft-affinity",
                "the group; on which hosts its other members hold claims");
    }
}
