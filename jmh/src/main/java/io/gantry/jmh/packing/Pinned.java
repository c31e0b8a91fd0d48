package io.gantry.jmh.packing;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.spi.scheduler.HostView;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A guest with dedicated CPUs, its memory split evenly among its cells.
 *
 * @param cells 1 or 2
 * @param cpus dedicated CPUs of each cell
 * @param memory GiB of each cell
 */
record Pinned(int cells, int cpus, int memory) {
    private static final int THREADS = 2;

    /** CPUs and GiB of each of a host's two cells. */
    private static final int SMALL_CPUS = 12;

    private static final int LARGE_CPUS = 32;
    private static final int GIB_PER_CPU = 4;

    private static final int SMALL_HOSTS = 3;
    private static final int SMALL_REQUESTS = 30;
    private static final int LARGE_HOSTS = 60;
    private static final int LARGE_REQUESTS = 3_000;

    /** So many of ten requests come first, and are of odd sizes. */
    private static final int ODD_OF_TEN = 3;

    static Case small(long seed) {
        List<Pinned> requests = requests(seed, SMALL_REQUESTS, SMALL_CPUS, SMALL_HOSTS);
        return new Case(
                hosts(SMALL_HOSTS, SMALL_CPUS),
                requests.stream().map(Pinned::flavor).toList(),
                () -> PinnedOptimum.of(SMALL_HOSTS, new Pinned(1, SMALL_CPUS, SMALL_CPUS * GIB_PER_CPU), requests));
    }

    static Case large(long seed) {
        List<Pinned> requests = requests(seed, LARGE_REQUESTS, LARGE_CPUS, LARGE_HOSTS);
        return new Case(
                hosts(LARGE_HOSTS, LARGE_CPUS),
                requests.stream().map(Pinned::flavor).toList(),
                () -> {
                    throw new UnsupportedOperationException("the optimum of a large case is not known");
                });
    }

    /** {@return what fills about a third of the CPUs with odd sizes, and then guests of half a cell, a cell, and two cells} */
    private static List<Pinned> requests(long seed, int count, int cellCpus, int hosts) {
        Random random = new Random(seed);
        List<Pinned> requests = new ArrayList<>();
        int odd = hosts * 2 * cellCpus * ODD_OF_TEN / 10;
        while (odd > 0) {
            Pinned guest = shape(random, 1, 1 + 2 * random.nextInt(3));
            requests.add(guest);
            odd -= guest.cpus();
        }
        while (requests.size() < count) {
            int kind = random.nextInt(4);
            int half = cellCpus / 2;
            requests.add(
                    switch (kind) {
                        case 0 -> shape(random, 2, half / 2);
                        case 1 -> shape(random, 1, half);
                        default -> shape(random, 1, 1 + random.nextInt(half));
                    });
        }
        return requests;
    }

    private static Pinned shape(Random random, int cells, int cpus) {
        return new Pinned(cells, cpus, cpus * (1 + random.nextInt(GIB_PER_CPU + 1)));
    }

    boolean fits(Pinned room) {
        return cpus <= room.cpus && memory <= room.memory;
    }

    Pinned less(Pinned guest) {
        return new Pinned(cells, cpus - guest.cpus, memory - guest.memory);
    }

    private Flavor flavor() {
        return Flavor.builder("flavor")
                .vcpus(cells * cpus)
                .memory(MemorySize.gib((long) cells * memory))
                .disk(DiskSize.gib(1))
                .extraSpec("hw:cpu_policy", "dedicated")
                .extraSpec("hw:numa_nodes", Integer.toString(cells))
                .build();
    }

    private static List<HostView> hosts(int count, int cellCpus) {
        List<HostView> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = String.format("host-%05d", i);
            HostTopology topology = new HostTopology(List.of(cell(0, cellCpus), cell(1, cellCpus)), List.of());
            HostInventory inventory = new HostInventory(
                    name,
                    "x86_64",
                    "sim",
                    "1",
                    1,
                    MemorySize.gib(2L * cellCpus * GIB_PER_CPU),
                    DiskSize.gib(10_000),
                    Set.of(),
                    topology);
            hosts.add(HostView.builder(HostId.of(name), inventory).build());
        }
        return hosts;
    }

    private static HostCell cell(int id, int cpus) {
        List<Set<Integer>> cores = new ArrayList<>();
        Set<Integer> all = new HashSet<>();
        for (int cpu = id * cpus; cpu < (id + 1) * cpus; cpu += THREADS) {
            cores.add(Set.of(cpu, cpu + 1));
            all.addAll(List.of(cpu, cpu + 1));
        }
        return new HostCell(
                id,
                id,
                cores,
                MemorySize.gib((long) cpus * GIB_PER_CPU),
                4,
                Map.of(),
                Collections.unmodifiableSet(all));
    }
}
