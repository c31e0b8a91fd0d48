package io.gantry.topology;

import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Hosts, what is used of them, and guests, small enough to try everything and tight enough that about half fit. */
final class Topologies {
    private static final int MIB = 1024;
    private final Random random;

    Topologies(long seed) {
        this.random = new Random(seed);
    }

    HostTopology host() {
        List<HostCell> cells = new ArrayList<>();
        int cpu = 0;
        int count = 1 + random.nextInt(3);
        for (int id = 0; id < count; id++) {
            List<Set<Integer>> cores = new ArrayList<>();
            Set<Integer> dedicated = new HashSet<>();
            int inCell = random.nextInt(7);
            while (inCell > 0) {
                int threads = Math.min(inCell, 1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 2));
                Set<Integer> core = new HashSet<>();
                for (int i = 0; i < threads; i++) {
                    if (random.nextInt(4) > 0) {
                        dedicated.add(cpu);
                    }
                    core.add(cpu++);
                }
                cores.add(core);
                inCell -= threads;
            }
            Map<Integer, Long> pages = new HashMap<>();
            if (random.nextBoolean()) {
                pages.put(2 * MIB, (long) random.nextInt(5));
            }
            if (random.nextBoolean()) {
                pages.put(4 * MIB, (long) random.nextInt(3));
            }
            cells.add(new HostCell(
                    id, random.nextInt(2), cores, MemorySize.mib(random.nextInt(12)), 4, pages, dedicated));
        }
        List<PciDevice> devices = new ArrayList<>();
        int functions = random.nextInt(5);
        for (int i = 0; i < functions; i++) {
            PciType type = pick(PciType.values());
            Optional<String> parent =
                    type == PciType.VF && !devices.isEmpty() && devices.get(0).type() == PciType.PF
                            ? Optional.of(devices.get(0).address())
                            : Optional.empty();
            Optional<Integer> cell = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(random.nextInt(count));
            devices.add(new PciDevice(
                    "0000:00:0" + i + ".0", "8086", random.nextBoolean() ? "000a" : "000b", type, cell, parent));
        }
        return new HostTopology(cells, devices);
    }

    TopologyUse use(HostTopology host) {
        Map<Integer, TopologyUse.Cell> cells = new HashMap<>();
        for (HostCell cell : host.cells()) {
            Set<Integer> taken = new HashSet<>();
            cell.dedicatedCpus().forEach(cpu -> {
                if (random.nextInt(4) == 0) {
                    taken.add(cpu);
                }
            });
            Map<Integer, Long> pages = new HashMap<>();
            cell.hugePages().forEach((size, count) -> pages.put(size, (long) random.nextInt((int) (count + 1))));
            int shared = cell.sharedCpus().isEmpty() ? 0 : random.nextInt(3);
            MemorySize memory =
                    MemorySize.mib(random.nextInt((int) cell.memory().toMib() + 1) / 2);
            cells.put(cell.id(), new TopologyUse.Cell(taken, shared, memory, pages));
        }
        Set<String> devices = new HashSet<>();
        host.devices().stream()
                .filter(device -> random.nextInt(4) == 0)
                .forEach(device -> devices.add(device.address()));
        return new TopologyUse(cells, devices);
    }

    Optional<GuestTopology> guest() {
        if (random.nextInt(8) == 0) {
            return Optional.empty();
        }
        CpuPolicy policy = pick(CpuPolicy.values());
        List<GuestCell> cells = new ArrayList<>();
        int vcpu = 0;
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            NavigableSet<Integer> vcpus = new TreeSet<>();
            NavigableSet<Integer> dedicated = new TreeSet<>();
            for (int k = random.nextInt(4); k > 0; k--) {
                vcpus.add(vcpu);
                if (policy == CpuPolicy.DEDICATED || (policy == CpuPolicy.MIXED && random.nextBoolean())) {
                    dedicated.add(vcpu);
                }
                vcpu++;
            }
            cells.add(new GuestCell(vcpus, dedicated, MemorySize.mib(1 + random.nextInt(6))));
        }
        boolean shared = policy == CpuPolicy.SHARED;
        PageSize.Kind kind = pick(PageSize.Kind.values());
        int[] sizes = {4, 2 * MIB, 4 * MIB, 8 * MIB};
        return Optional.of(new GuestTopology(
                cells,
                policy,
                shared ? CpuThreadPolicy.PREFER : pick(CpuThreadPolicy.values()),
                shared || random.nextBoolean() ? EmulatorThreadsPolicy.SHARE : EmulatorThreadsPolicy.ISOLATE,
                new PageSize(kind, kind == PageSize.Kind.EXACT ? sizes[random.nextInt(4)] : 0),
                Set.of()));
    }

    List<PciRequest> devices() {
        List<PciRequest> requests = new ArrayList<>();
        int count = Math.max(0, random.nextInt(4) - 1);
        for (int i = 0; i < count; i++) {
            List<PciRequest.Match> anyOf = new ArrayList<>();
            for (int k = random.nextInt(3); k >= 0; k--) {
                anyOf.add(new PciRequest.Match(
                        Optional.of("8086"),
                        random.nextBoolean() ? Optional.empty() : Optional.of(random.nextBoolean() ? "000a" : "000b"),
                        pick(PciType.values())));
            }
            requests.add(new PciRequest("alias" + i, anyOf, pick(PciNumaPolicy.values()), 1 + random.nextInt(2)));
        }
        return requests;
    }

    double ratio() {
        return new double[] {1.0, 1.5, 4.0}[random.nextInt(3)];
    }

    boolean pack() {
        return random.nextBoolean();
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
