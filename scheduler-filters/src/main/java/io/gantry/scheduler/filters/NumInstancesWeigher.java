package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Prefers hosts with many instances; give it a negative multiplier to spread by number. Aggregates may set another multiplier
 * for their hosts with {@code num_instances_weight_multiplier}.
 */
public final class NumInstancesWeigher implements HostWeigher {
    /** Creates the weigher. */
    public NumInstancesWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return host.usage().instances();
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Optional.of((hosts, rows, count, raw) -> {
            for (int i = 0; i < count; i++) {
                raw[i] = hosts.instances(rows[i]);
            }
        });
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("num_instances_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("instances with a claim on the host", "usage");
    }
}
