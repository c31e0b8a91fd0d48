package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Passes hosts with enough vCPUs free, over-commitment included.
 *
 * <p>Rejects with code {@code VCPUS}, or {@code VCPUS_TOTAL} if the guest would not even fit into the empty host: whatever
 * the ratio, a guest gets no more than the host physically has. Dedicated vCPUs are not for this filter.
 */
public final class VcpuFilter implements HostFilter {
    private final Capacity capacity =
            new Capacity("vCPUs", "VCPUS", vcpus -> vcpus + (vcpus == 1 ? " vCPU" : " vCPUs"));

    /** Creates the filter. */
    public VcpuFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        if (request.vcpus() == 0) {
            return Verdict.pass();
        }
        return capacity.judge(
                request.vcpus(),
                host.freeVcpus(),
                host.inventory().vcpus(),
                host.ratios().vcpus());
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        long needed = request.vcpus();
        // All are dedicated, which is for others to judge, however many the shared ones are.
        return needed == 0
                ? Optional.of(ColumnFilter.KEEP_ALL)
                : Optional.of((hosts, rows, count) -> {
                    int kept = 0;
                    for (int i = 0; i < count; i++) {
                        int row = rows[i];
                        if (needed <= hosts.freeVcpus(row) && needed <= hosts.vcpus(row)) {
                            rows[kept++] = row;
                        }
                    }
                    return kept;
                });
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with enough vCPUs free, over-commitment included, and enough in all",
                        "the flavor's vCPUs that are not dedicated",
                        "inventory, ratio and usage")
                .rejectingWith("VCPUS", "VCPUS_TOTAL");
    }
}
