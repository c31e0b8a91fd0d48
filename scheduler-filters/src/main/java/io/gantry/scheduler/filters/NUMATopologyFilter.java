package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Passes hosts on whose NUMA cells those of the guest fit: its dedicated CPUs, its shared ones, its memory in the pages that
 * it asks for, and its PCI devices near them. Guests that ask for no topology pass everywhere.
 *
 * <p>Rejects with code {@code NUMA_CELLS}, {@code DEDICATED_CPUS}, {@code SHARED_CPUS}, {@code CELL_MEMORY},
 * {@code PCI_DEVICES} or {@code PCI_AFFINITY}, and says what the best cell has free. The claim asks the same once more.
 */
public final class NUMATopologyFilter implements HostFilter {
    /** Creates the filter. */
    public NUMATopologyFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return request.topology().isEmpty()
                ? Verdict.pass()
                : request.topologyNeed().judge(host.inventory().topology(), host.topologyUse(), host.ratios());
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return request.topology().isEmpty()
                ? Optional.of(ColumnFilter.KEEP_ALL)
                : Optional.of((hosts, rows, count) -> {
                    int kept = 0;
                    for (int i = 0; i < count; i++) {
                        HostView host = hosts.view(rows[i]);
                        if (request.topologyNeed()
                                .place(host.inventory().topology(), host.topologyUse(), host.ratios())
                                .isPresent()) {
                            rows[kept++] = rows[i];
                        }
                    }
                    return kept;
                });
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "on whose NUMA cells those of the guest fit, with CPUs, pages and devices",
                        "`hw:numa_*`, `hw:cpu_policy`, `hw:cpu_thread_policy`, `hw:emulator_threads_policy`,"
                                + " `hw:mem_page_size`, and their twins of the image",
                        "topology, its use, and ratios")
                .rejectingWith(
                        "NUMA_CELLS", "DEDICATED_CPUS", "SHARED_CPUS", "CELL_MEMORY", "PCI_DEVICES", "PCI_AFFINITY");
    }
}
