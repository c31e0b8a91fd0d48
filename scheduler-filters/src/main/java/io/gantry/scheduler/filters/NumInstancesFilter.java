package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Passes hosts with fewer instances than a limit. Reads how many instances hold a claim on the host; the option is the limit,
 * 50 by default.
 *
 * <p>Rejects with code {@code INSTANCES}: needed is the limit, free how many instances the host has.
 */
public final class NumInstancesFilter implements HostFilter {
    private final int max;

    /** Creates the filter with a limit of 50. */
    public NumInstancesFilter() {
        this(InstanceLimit.DEFAULT);
    }

    /**
     * Creates the filter.
     *
     * @param max how many instances a host may have, 1 or more
     * @throws InvalidRequest if it is less than 1
     */
    public NumInstancesFilter(int max) {
        this.max = InstanceLimit.check("numInstancesFilter.max", max);
    }

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return InstanceLimit.judge(host.usage().instances(), max);
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return Optional.of((hosts, rows, count) -> {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (hosts.instances(row) < max) {
                    rows[kept++] = row;
                }
            }
            return kept;
        });
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("with fewer instances than `max`", "instances with a claim on the host")
                .option("max", Integer.toString(InstanceLimit.DEFAULT), "how many instances a host may have")
                .rejectingWith(InstanceLimit.CODE);
    }
}
