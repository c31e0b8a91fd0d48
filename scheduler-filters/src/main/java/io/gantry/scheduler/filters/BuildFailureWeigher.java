package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.WeightScale;
import java.util.Optional;

/**
 * Prefers hosts that fail builds; give it a negative multiplier, such as the default of -1,000,000, to leave them to the last. A
 * host counts as long as it is not tried with success, and for less the longer its last failure is ago.
 *
 * <p>Aggregates may set another multiplier for their hosts with {@code build_failure_weight_multiplier}.
 */
public final class BuildFailureWeigher implements HostWeigher {
    /** Creates the weigher. */
    public BuildFailureWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return host.failedBuilds();
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Optional.of(ColumnWeigher.unless(hosts -> !hosts.mayHaveFailedBuilds(), (hosts, rows, count, raw) -> {
            for (int i = 0; i < count; i++) {
                raw[i] = hosts.failedBuilds(rows[i]);
            }
        }));
    }

    @Override
    public WeightScale scale() {
        return WeightScale.FROM_ZERO;
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("build_failure_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                "builds that failed since the last one that succeeded; those of long ago less",
                "failures that this control node has seen");
    }
}
