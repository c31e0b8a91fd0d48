package io.gantry.tck;

import io.gantry.flavor.Flavor;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import io.gantry.topology.PciNumaPolicy;
import io.gantry.topology.PciRequest;
import io.gantry.topology.PciType;
import io.gantry.topology.TopologyUse;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Gives some samples NUMA cells, dedicated CPUs, huge pages and PCI devices; about half of those who ask fit. */
final class TopologySample {
    private static final int CELLS = 2;
    private static final int CORES = 4;

    private TopologySample() {}

    /** Two of five ask for nothing. */
    static PlacementRequest asking(PlacementRequest request, int i) {
        if (i % 5 < 2) {
            return request;
        }
        Random random = new Random(i);
        Flavor.Builder flavor = Flavor.builder(request.flavor().name())
                .vcpus(2 << random.nextInt(3))
                .memory(MemorySize.gib(2L << random.nextInt(2)))
                .disk(request.flavor().disk());
        Map<String, String> specs = switch (random.nextInt(5)) {
            case 0 -> Map.of("hw:cpu_policy", "dedicated", "hw:emulator_threads_policy", "isolate");
            case 1 -> Map.of("hw:cpu_policy", "dedicated", "hw:cpu_thread_policy", "isolate");
            case 2 -> Map.of("hw:cpu_policy", "mixed", "hw:cpu_dedicated_mask", "0", "hw:numa_nodes", "2");
            case 3 -> Map.of("hw:mem_page_size", "large", "hw:numa_nodes", "2");
            default -> Map.of();
        };
        specs.forEach(flavor::extraSpec);
        return request.toBuilder()
                .flavor(flavor.build())
                .devices(random.nextBoolean() ? List.of() : List.of(device(random)))
                .build();
    }

    private static PciRequest device(Random random) {
        return new PciRequest(
                "nic",
                List.of(new PciRequest.Match(Optional.of("8086"), Optional.empty(), PciType.PCI)),
                List.of(PciNumaPolicy.values()).get(random.nextInt(4)),
                1 + random.nextInt(3));
    }

    /** Of one of three nothing is known. */
    static HostView having(HostView host, int i) {
        if (i % 3 == 1) {
            return host;
        }
        Random random = new Random(i);
        HostTopology topology = topology(random);
        return host.toBuilder()
                .inventory(host.inventory().withTopology(topology))
                .topologyUse(use(topology, random))
                .build();
    }

    private static HostTopology topology(Random random) {
        List<HostCell> cells = new ArrayList<>();
        List<PciDevice> devices = new ArrayList<>();
        for (int id = 0; id < CELLS; id++) {
            int first = id * CORES * 2;
            List<Set<Integer>> cores = IntStream.range(0, CORES)
                    .mapToObj(core -> Set.of(first + core, first + core + CORES))
                    .toList();
            Set<Integer> dedicated = IntStream.range(0, random.nextInt(CORES + 1))
                    .boxed()
                    .flatMap(core -> cores.get(core).stream())
                    .collect(Collectors.toSet());
            cells.add(new HostCell(
                    id, id, cores, MemorySize.gib(4), 4, Map.of(2048, (long) random.nextInt(3000)), dedicated));
            for (int number = random.nextInt(3); number > 0; number--) {
                devices.add(new PciDevice(
                        "0000:0" + id + ":00." + number,
                        "8086",
                        "1572",
                        PciType.PCI,
                        Optional.of(id),
                        Optional.empty()));
            }
        }
        return new HostTopology(cells, devices);
    }

    private static TopologyUse use(HostTopology topology, Random random) {
        Map<Integer, TopologyUse.Cell> cells = topology.cells().stream()
                .collect(Collectors.toMap(
                        HostCell::id,
                        cell -> new TopologyUse.Cell(
                                cell.dedicatedCpus().stream()
                                        .filter(cpu -> random.nextInt(3) == 0)
                                        .collect(Collectors.toSet()),
                                random.nextInt(3),
                                MemorySize.gib(random.nextInt(2)),
                                Map.of(2048, (long) random.nextInt(500)))));
        return new TopologyUse(
                cells,
                topology.devices().stream()
                        .filter(device -> random.nextInt(3) == 0)
                        .map(PciDevice::address)
                        .collect(Collectors.toSet()));
    }
}
