package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;

/**
 * Passes hosts with enough vCPUs free, over-commitment included.
 *
 * <p>Rejects with code {@code VCPUS}, or {@code VCPUS_TOTAL} if the guest would not even fit into the empty host: whatever
 * the ratio, a guest gets no more than the host physically has.
 */
public final class VcpuFilter implements HostFilter {
    private final Capacity capacity = new Capacity("VCPUS", vcpus -> vcpus + (vcpus == 1 ? " vCPU" : " vCPUs"));

    /** Creates the filter. */
    public VcpuFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return capacity.judge(
                request.flavor().vcpus(),
                host.freeVcpus(),
                host.inventory().vcpus(),
                host.ratios().vcpus());
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with enough vCPUs free, over-commitment included, and enough in all",
                        "the flavor's vCPUs",
                        "inventory, ratio and usage")
                .rejectingWith("VCPUS", "VCPUS_TOTAL");
    }
}
