package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.WeightScale;
import java.util.Optional;

/**
 * Prefers hosts with much local disk free, over-commitment included; a negative multiplier packs instead of spreads. Negative
 * values count as 0. Aggregates may set another multiplier for their hosts with {@code disk_weight_multiplier}.
 */
public final class DiskWeigher implements HostWeigher {
    /** Creates the weigher. */
    public DiskWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return host.freeDisk();
    }

    @Override
    public WeightScale scale() {
        return WeightScale.FROM_ZERO;
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Optional.of((hosts, rows, count, raw) -> {
            for (int i = 0; i < count; i++) {
                raw[i] = hosts.freeDisk(rows[i]);
            }
        });
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("disk_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("bytes of local disk free, over-commitment included", "inventory, ratio and usage");
    }
}
