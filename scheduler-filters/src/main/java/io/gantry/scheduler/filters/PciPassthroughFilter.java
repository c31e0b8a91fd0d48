package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.TopologyNeed;
import java.util.Optional;

/**
 * Passes hosts with the PCI devices free that the flavor asks for, wherever on the host they are; whether they are near the
 * guest's cells is for {@link NUMATopologyFilter} to say. Guests that ask for no devices pass everywhere.
 *
 * <p>Rejects with code {@code PCI_DEVICES}.
 */
public final class PciPassthroughFilter implements HostFilter {
    /** Creates the filter. */
    public PciPassthroughFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return devices(request).judge(host.inventory().topology(), host.topologyUse(), host.ratios());
    }

    private static TopologyNeed devices(PlacementRequest request) {
        return request.devices().isEmpty() ? TopologyNeed.NONE : new TopologyNeed(Optional.empty(), request.devices());
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        TopologyNeed need = devices(request);
        return !need.isAny()
                ? Optional.of(ColumnFilter.KEEP_ALL)
                : Optional.of((hosts, rows, count) -> {
                    int kept = 0;
                    for (int i = 0; i < count; i++) {
                        HostView host = hosts.view(rows[i]);
                        // Most hosts of a fleet have none.
                        if (!host.inventory().topology().devices().isEmpty()
                                && need.place(host.inventory().topology(), host.topologyUse(), host.ratios())
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
                        "with the PCI devices free that the flavor asks for",
                        "`pci_passthrough:alias`",
                        "PCI devices and their use")
                .rejectingWith("PCI_DEVICES");
    }
}
