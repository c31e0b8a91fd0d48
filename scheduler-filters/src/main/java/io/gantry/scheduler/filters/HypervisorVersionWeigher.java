package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Prefers hosts with a late version of the hypervisor: its first three parts as one number, 7002022 for 7.2.22, and 0 for one
 * without number. Aggregates may set another multiplier for their hosts with
 * {@code hypervisor_version_weight_multiplier}.
 */
public final class HypervisorVersionWeigher implements HostWeigher {
    /** Creates the weigher. */
    public HypervisorVersionWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return HypervisorVersion.number(host.inventory().hypervisorVersion());
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("hypervisor_version_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("the hypervisor's version as one number, such as 7002022 for 7.2.22", "inventory");
    }
}
