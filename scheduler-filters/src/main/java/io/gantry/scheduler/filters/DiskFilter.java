package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.unit.DiskSize;
import java.util.Optional;

/**
 * Passes hosts with enough local disk free for the root disk, over-commitment included.
 *
 * <p>Rejects with code {@code DISK}, or {@code DISK_TOTAL} if the guest would not even fit into the empty host: whatever
 * the ratio, a guest gets no more than the host physically has.
 */
public final class DiskFilter implements HostFilter {
    private final Capacity capacity = new Capacity("disk", "DISK", bytes -> new DiskSize(bytes).toString());

    /** Creates the filter. */
    public DiskFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return capacity.judge(
                request.localDisk().bytes(),
                host.freeDisk(),
                host.inventory().disk().bytes(),
                host.ratios().disk());
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        long needed = request.localDisk().bytes();
        return Optional.of((hosts, rows, count) -> {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (needed <= hosts.freeDisk(row) && needed <= hosts.disk(row)) {
                    rows[kept++] = row;
                }
            }
            return kept;
        });
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with enough local disk free, over-commitment included, and enough in all",
                        "the root disk",
                        "inventory, ratio and usage")
                .rejectingWith("DISK", "DISK_TOTAL");
    }
}
