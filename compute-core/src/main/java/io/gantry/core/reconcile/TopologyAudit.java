package io.gantry.core.reconcile;

import io.gantry.audit.Finding;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.HostRow;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.topology.CellPlacement;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import io.gantry.topology.TopologyUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares what guests were given of hosts' topologies with what the hosts have: CPUs may have been put offline, devices
 * pulled. Repairs nothing, since a guest's CPUs and devices change only when it moves.
 */
final class TopologyAudit {
    private final Snapshot snapshot;

    TopologyAudit(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    List<Finding> run() {
        Map<HostId, List<ClaimRow>> placed = snapshot.claims().stream()
                .filter(claim -> claim.placement().isPresent())
                .collect(Collectors.groupingBy(ClaimRow::host, TreeMap::new, Collectors.toList()));
        List<Finding> findings = new ArrayList<>();
        placed.forEach((host, claims) -> {
            HostRow row = snapshot.hosts().get(host);
            if (row != null) {
                missing(host, row.inventory().topology(), claims, findings);
                pages(host, row.inventory().topology(), claims, findings);
            }
            doubled(host, claims, findings);
        });
        return findings;
    }

    private static void missing(HostId host, HostTopology topology, List<ClaimRow> claims, List<Finding> findings) {
        Set<String> there = new HashSet<>();
        topology.devices().stream().map(PciDevice::address).forEach(there::add);
        topology.dedicatedCpus().forEach(cpu -> there.add(cpu(cpu)));
        topology.cells().forEach(cell -> there.add(cell(cell.id())));
        for (ClaimRow claim : claims) {
            Set<String> gone = parts(claim.placement().orElseThrow());
            gone.removeAll(there);
            if (!gone.isEmpty()) {
                findings.add(
                        finding(Finding.Kind.TOPOLOGY_GONE, host, claim, String.join(", ", gone), "not on the host"));
            }
        }
    }

    private static void pages(HostId host, HostTopology topology, List<ClaimRow> claims, List<Finding> findings) {
        TopologyUse use = TopologyUse.of(
                claims.stream().flatMap(claim -> claim.placement().stream()).toList());
        for (HostCell cell : topology.cells()) {
            new TreeMap<>(use.cell(cell.id()).hugePages()).forEach((size, used) -> {
                long has = cell.hugePages().getOrDefault(size, 0L);
                if (used > has) {
                    findings.add(new Finding(
                            Finding.Kind.TOPOLOGY_GONE,
                            host.ref(),
                            Optional.of(host),
                            used + " pages of " + size + " KiB on cell " + cell.id(),
                            Long.toString(has),
                            Optional.empty(),
                            false));
                }
            });
        }
    }

    private static void doubled(HostId host, List<ClaimRow> claims, List<Finding> findings) {
        Map<String, ClaimRow> holders = new HashMap<>();
        for (ClaimRow claim : claims) {
            for (String part : exclusive(claim.placement().orElseThrow())) {
                ClaimRow other = holders.putIfAbsent(part, claim);
                if (other != null) {
                    findings.add(finding(
                            Finding.Kind.TOPOLOGY_DOUBLED, host, claim, part, "held by " + other.key() + " too"));
                }
            }
        }
    }

    private static Set<String> exclusive(GuestPlacement placement) {
        Set<String> parts = new TreeSet<>(placement.devices());
        placement.cells().forEach(cell -> cell.taken().forEach(cpu -> parts.add(cpu(cpu))));
        return parts;
    }

    private static Set<String> parts(GuestPlacement placement) {
        Set<String> parts = exclusive(placement);
        placement.cells().stream().map(CellPlacement::hostCell).forEach(cell -> parts.add(cell(cell)));
        return parts;
    }

    private static String cpu(int number) {
        return "CPU " + number;
    }

    private static String cell(int number) {
        return "cell " + number;
    }

    private static Finding finding(Finding.Kind kind, HostId host, ClaimRow claim, String expected, String found) {
        return new Finding(
                kind,
                new ResourceRef("claim", claim.key()),
                Optional.of(host),
                expected,
                found,
                Optional.empty(),
                false);
    }
}
