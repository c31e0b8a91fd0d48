package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.unit.DiskSize;

/**
 * Passes hosts with enough local disk free for the root disk, over-commitment included.
 *
 * <p>Rejects with code {@code DISK}, or {@code DISK_TOTAL} if the guest would not even fit into the empty host: whatever
 * the ratio, a guest gets no more than the host physically has.
 */
public final class DiskFilter implements HostFilter {
    private final Capacity capacity = new Capacity("DISK", bytes -> new DiskSize(bytes).toString());

    /** Creates the filter. */
    public DiskFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return capacity.judge(
                request.rootDisk().bytes(),
                host.freeDisk(),
                host.inventory().disk().bytes(),
                host.ratios().disk());
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
