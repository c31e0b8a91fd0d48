package io.gantry.scheduler.filters;

import io.gantry.flavor.Flavor;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.identity.ProjectId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.GroupView;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import io.gantry.topology.PciNumaPolicy;
import io.gantry.topology.PciRequest;
import io.gantry.topology.PciType;
import io.gantry.topology.TopologyUse;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A host of 8 vCPUs, 16 GiB and 100 GiB of disk, and requests for it. */
final class Given {
    private static final String ZONE = "default";

    private Given() {}

    static PlacementRequest asking(Optional<String> zone) {
        return image(Map.of()).toBuilder().zone(zone).build();
    }

    static PlacementRequest request(int vcpus, MemorySize memory, DiskSize disk) {
        return request(vcpus, memory, disk, Map.of());
    }

    static PlacementRequest image(Map<String, String> properties) {
        return request(1, MemorySize.gib(1), DiskSize.gib(1), properties);
    }

    static PlacementRequest request(int vcpus, MemorySize memory, DiskSize disk, Map<String, String> properties) {
        Flavor flavor = Flavor.builder("f").vcpus(vcpus).memory(memory).build();
        Image image = new Image(
                ImageId.random(),
                "image",
                DiskFormat.RAW,
                1,
                new DiskSize(1),
                "0".repeat(64),
                MemorySize.ZERO,
                DiskSize.ZERO,
                properties,
                Instant.EPOCH);
        return PlacementRequest.builder(InstanceId.random(), ProjectId.of("project"), flavor, image)
                .rootDisk(disk)
                .build();
    }

    static HostView host(AllocationRatios ratios, int usedVcpus, MemorySize usedMemory, DiskSize usedDisk) {
        return HostView.builder(HostId.of("node1"), inventory("x86_64", "kvm"))
                .ratios(ratios)
                .usage(new HostUsage(3, usedVcpus, usedMemory, usedDisk))
                .build();
    }

    static HostView host(HostState state, Optional<String> disabledReason, HostInventory inventory) {
        return host(state, disabledReason, inventory, ZONE);
    }

    static HostView inZone(String zone) {
        return host(HostState.UP, Optional.empty(), inventory("x86_64", "kvm"), zone);
    }

    private static HostView host(
            HostState state, Optional<String> disabledReason, HostInventory inventory, String zone) {
        return HostView.builder(HostId.of("node1"), inventory)
                .state(state)
                .disabled(disabledReason)
                .ratios(AllocationRatios.DEFAULT)
                .zone(zone)
                .build();
    }

    /**
     * {@return a host of two cells with four cores of two threads and 4 GiB each, one of them with 1000 pages of 2 MiB, and
     * three network devices, two of them on cell 0}
     *
     * @param dedicated the dedicated CPUs; those of cell 0 are 0 to 7, those of cell 1 8 to 15, siblings 4 apart
     * @param taken which of them guests have
     */
    static HostView cells(Set<Integer> dedicated, Set<Integer> taken, Set<String> devices) {
        List<HostCell> cells = new ArrayList<>();
        for (int id = 0; id < 2; id++) {
            int first = id * 8;
            List<Set<Integer>> cores = new ArrayList<>();
            for (int core = 0; core < 4; core++) {
                cores.add(Set.of(first + core, first + core + 4));
            }
            cells.add(new HostCell(
                    id, id, cores, MemorySize.gib(4), 4, id == 1 ? Map.of(2048, 1000L) : Map.of(), Set.of()));
        }
        HostTopology topology =
                new HostTopology(cells, List.of(nic(0, 0), nic(0, 1), nic(1, 0))).withDedicated(dedicated);
        Map<Integer, TopologyUse.Cell> used = new HashMap<>();
        for (HostCell cell : topology.cells()) {
            Set<Integer> here = new HashSet<>(taken);
            here.retainAll(cell.dedicatedCpus());
            used.put(cell.id(), new TopologyUse.Cell(here, 0, MemorySize.ZERO, Map.of()));
        }
        return HostView.builder(HostId.of("node1"), inventory("x86_64", "kvm").withTopology(topology))
                .topologyUse(new TopologyUse(used, devices))
                .build();
    }

    private static PciDevice nic(int cell, int function) {
        return new PciDevice(
                "0000:0" + cell + ":00." + function, "8086", "1572", PciType.PCI, Optional.of(cell), Optional.empty());
    }

    /** {@return a request of 4 vCPUs and 4 GiB with these extra specs, and with so many network devices} */
    static PlacementRequest cells(String extraSpecs, int devices, PciNumaPolicy policy) {
        Flavor.Builder flavor = Flavor.builder("f").vcpus(4).memory(MemorySize.gib(4));
        pairs(extraSpecs).forEach(flavor::extraSpec);
        PciRequest.Match nic = new PciRequest.Match(Optional.of("8086"), Optional.of("1572"), PciType.PCI);
        return image(Map.of()).toBuilder()
                .flavor(flavor.build())
                .devices(devices == 0 ? List.of() : List.of(new PciRequest("nic", List.of(nic), policy, devices)))
                .build();
    }

    static HostInventory inventory(String architecture, String hypervisorType) {
        return new HostInventory(
                "node1",
                architecture,
                hypervisorType,
                "7.2.22",
                8,
                MemorySize.gib(16),
                DiskSize.gib(100),
                Set.of("PAUSE"));
    }

    static PlacementRequest project(String project) {
        return image(Map.of()).toBuilder().project(ProjectId.of(project)).build();
    }

    static PlacementRequest flavor(String name, Map<String, String> extraSpecs) {
        Flavor.Builder flavor = Flavor.builder(name);
        extraSpecs.forEach(flavor::extraSpec);
        return image(Map.of()).toBuilder().flavor(flavor.build()).build();
    }

    /** {@return a request of a group, with a letter for each other member on each host: {@code node1=ab node2=c}} */
    static PlacementRequest inGroup(ServerGroupPolicy policy, int maxServerPerHost, String members) {
        Map<HostId, Set<InstanceId>> byHost = new LinkedHashMap<>();
        for (String host : members.isEmpty() ? new String[0] : members.split(" ", -1)) {
            String[] parts = host.split("=", -1);
            Set<InstanceId> there = new HashSet<>();
            parts[1].chars().forEach(letter -> there.add(new InstanceId(new UUID(0, letter))));
            byHost.put(HostId.of(parts[0]), there);
        }
        GroupView group = new GroupView(ServerGroupId.random(), policy, maxServerPerHost, byHost);
        return image(Map.of()).toBuilder().group(Optional.of(group)).build();
    }

    static HostView busy(int ioOps, String aggregates) {
        return host("node1", 3, aggregates).toBuilder().ioOps(ioOps).build();
    }

    static HostView host(String name, int instances, String aggregates) {
        return HostView.builder(HostId.of(name), inventory("x86_64", "kvm"))
                .ratios(AllocationRatios.DEFAULT)
                .usage(new HostUsage(instances, 2, MemorySize.gib(4), DiskSize.gib(10)))
                .aggregates(aggregates(aggregates))
                .build();
    }

    /** Aggregates from text: slashes between aggregates, semicolons between the pairs of one, equals signs within pairs. */
    private static Map<String, Map<String, String>> aggregates(String text) {
        Map<String, Map<String, String>> aggregates = new LinkedHashMap<>();
        if (!text.isEmpty()) {
            for (String aggregate : text.split("/", -1)) {
                aggregates.put("aggregate-" + aggregates.size(), pairs(aggregate));
            }
        }
        return aggregates;
    }

    static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.strip().split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1));
            }
        }
        return pairs;
    }
}
