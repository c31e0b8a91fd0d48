package io.gantry.core.lifecycle;

import io.gantry.core.placement.Need;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.Table;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.GuestTopology;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciAlias;
import io.gantry.topology.TopologyRequest;
import java.util.Optional;

/**
 * What hosts are told of where guests go: what their claims say. For guests without topology and devices, on hosts without
 * dedicated CPUs, nothing is read.
 */
public final class GuestLayouts {
    private final Services services;

    /** Creates the layouts of an engine's guests. */
    public GuestLayouts(Services services) {
        this.services = services;
    }

    /** {@return how an instance's guest is laid out on a host where the instance holds a claim} */
    public GuestLayout at(InstanceRow row, HostId host) {
        return at(
                row, row.instance().flavor(), host, Need.instance(row.instance().id()));
    }

    /**
     * {@return how an instance's guest is laid out on a host}
     *
     * @param flavor the guest's size
     * @param consumer who holds the claim: the instance, or the move that it is taken back from
     */
    GuestLayout at(InstanceRow row, Flavor flavor, HostId host, String consumer) {
        Optional<GuestTopology> guest = TopologyRequest.topology(
                flavor.vcpus(),
                flavor.memory(),
                flavor.extraSpecs(),
                row.boot().image().properties());
        boolean placed = guest.isPresent() || flavor.extraSpecs().containsKey(PciAlias.EXTRA_SPEC);
        if (!placed && services.hosts().dedicatedCpus(host).isEmpty()) {
            return GuestLayout.ANYWHERE;
        }
        return services.state().read(tx -> {
            HostTopology there = services.state()
                    .hosts()
                    .get(tx, host.value())
                    .map(entry -> entry.value().inventory().topology())
                    .orElse(HostTopology.UNKNOWN);
            return placement(tx, host, consumer)
                    .filter(given -> fits(guest, given))
                    .map(given -> GuestLayout.of(there, guest, given))
                    // Claimed when topologies were not in force yet.
                    .orElseGet(() -> GuestLayout.of(there, Optional.empty(), GuestPlacement.NONE));
        });
    }

    private static boolean fits(Optional<GuestTopology> guest, GuestPlacement given) {
        int cells = guest.map(topology -> topology.cells().size()).orElse(0);
        return given.cells().size() == cells;
    }

    private Optional<GuestPlacement> placement(Transaction tx, HostId host, String consumer) {
        return services.state()
                .claims()
                .get(tx, ClaimRow.keyOnHost(consumer, host))
                .map(Table.Entry::value)
                .flatMap(ClaimRow::placement);
    }
}
