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
 * Passes hosts with fewer builds, moves, snapshots and the like in progress than a limit, 8 by default.
 *
 * <p>Rejects with code {@code IO_OPS}: needed is the limit, free how many are in progress.
 */
public final class IoOpsFilter implements HostFilter {
    private final int max;

    /** Creates the filter with a limit of 8. */
    public IoOpsFilter() {
        this(IoOpsLimit.DEFAULT);
    }

    /**
     * Creates the filter.
     *
     * @param max how many operations may be in progress on a host, 1 or more
     * @throws InvalidRequest if it is less than 1
     */
    public IoOpsFilter(int max) {
        this.max = IoOpsLimit.check("ioOpsFilter.max", max);
    }

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return IoOpsLimit.judge(host.ioOps(), max);
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return Optional.of((hosts, rows, count) -> {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (hosts.ioOps(row) < max) {
                    rows[kept++] = row;
                }
            }
            return kept;
        });
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("with fewer I/O operations in progress than `max`", IoOpsLimit.READS)
                .option("max", Integer.toString(IoOpsLimit.DEFAULT), "how many may be in progress on a host")
                .rejectingWith(IoOpsLimit.CODE);
    }
}
