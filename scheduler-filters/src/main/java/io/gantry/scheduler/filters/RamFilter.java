package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.unit.MemorySize;
import java.util.Optional;

/**
 * Passes hosts with enough memory free, over-commitment included.
 *
 * <p>Rejects with code {@code MEMORY}, or {@code MEMORY_TOTAL} if the guest would not even fit into the empty host: whatever
 * the ratio, a guest gets no more than the host physically has.
 */
public final class RamFilter implements HostFilter {
    private final Capacity capacity = new Capacity("memory", "MEMORY", bytes -> new MemorySize(bytes).toString());

    /** Creates the filter. */
    public RamFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return capacity.judge(
                request.memory().bytes(),
                host.freeMemory(),
                host.inventory().memory().bytes(),
                host.ratios().memory());
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        long needed = request.memory().bytes();
        return Optional.of((hosts, rows, count) -> {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (needed <= hosts.freeMemory(row) && needed <= hosts.memory(row)) {
                    rows[kept++] = row;
                }
            }
            return kept;
        });
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
