package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.unit.MemorySize;

/**
 * Passes hosts with enough memory free, over-commitment included.
 *
 * <p>Rejects with code {@code MEMORY}, or {@code MEMORY_TOTAL} if the guest would not even fit into the empty host: whatever
 * the ratio, a guest gets no more than the host physically has.
 */
public final class RamFilter implements HostFilter {
    private final Capacity capacity = new Capacity("MEMORY", bytes -> new MemorySize(bytes).toString());

    /** Creates the filter. */
    public RamFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return capacity.judge(
                request.flavor().memory().bytes(),
                host.freeMemory(),
                host.inventory().memory().bytes(),
                host.ratios().memory());
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with enough memory free, over-commitment included, and enough in all",
                        "the flavor's memory",
                        "inventory, ratio and usage")
                .rejectingWith("MEMORY", "MEMORY_TOTAL");
    }
}
