package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.WeightScale;
import java.util.Optional;

/**
 * Prefers hosts with many builds, moves, snapshots and the like in progress; give it a negative multiplier, such as the default
 * of -1, to prefer quiet ones.
 *
 * <p>Aggregates may set another multiplier for their hosts with {@code io_ops_weight_multiplier}.
 */
public final class IoOpsWeigher implements HostWeigher {
    /** Creates the weigher. */
    public IoOpsWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return host.ioOps();
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Optional.of(ColumnWeigher.unless(hosts -> !hosts.mayHaveIoOps(), (hosts, rows, count, raw) -> {
            for (int i = 0; i < count; i++) {
                raw[i] = hosts.ioOps(rows[i]);
            }
        }));
    }

    @Override
    public WeightScale scale() {
        return WeightScale.FROM_ZERO;
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("io_ops_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("builds, moves, snapshots and the like in progress", "usage");
    }
}
