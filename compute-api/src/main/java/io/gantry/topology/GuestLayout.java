package io.gantry.topology;

import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a driver is to lay a guest out on its host: which CPUs each vCPU runs on, where its memory is, and which devices it
 * has. What libvirt calls {@code cputune}, {@code numatune}, {@code numa}, {@code memoryBacking} and {@code hostdev}.
 *
 * @param cells the guest's cells in their order; none for a guest without topology
 * @param vcpuCpus for each vCPU of the cells the host's CPUs that it may run on: one if it is dedicated
 * @param cpus the CPUs that all else of the guest runs on, the emulator's threads too; empty if on any
 * @param realtime the vCPUs that are scheduled in real time
 * @param devices the addresses of the devices that the guest is given, in the order of its requests
 */
public record GuestLayout(
        List<Cell> cells,
        NavigableMap<Integer, NavigableSet<Integer>> vcpuCpus,
        NavigableSet<Integer> cpus,
        Set<Integer> realtime,
        List<String> devices) {
    /** A guest that the host's hypervisor may put where it likes, without devices. */
    public static final GuestLayout ANYWHERE =
            new GuestLayout(List.of(), new TreeMap<>(), new TreeSet<>(), Set.of(), List.of());

    /**
     * Copies the collections.
     *
     * @param cells see the record
     * @param vcpuCpus see the record
     * @param cpus see the record
     * @param realtime see the record
     * @param devices see the record
     */
    public GuestLayout {
        cells = List.copyOf(cells);
        NavigableMap<Integer, NavigableSet<Integer>> copy = new TreeMap<>();
        vcpuCpus.forEach((vcpu, on) -> copy.put(vcpu, Collections.unmodifiableNavigableSet(new TreeSet<>(on))));
        vcpuCpus = Collections.unmodifiableNavigableMap(copy);
        cpus = Collections.unmodifiableNavigableSet(new TreeSet<>(cpus));
        realtime = Set.copyOf(realtime);
        devices = List.copyOf(devices);
    }

    /**
     * A cell of the guest.
     *
     * @param vcpus its vCPUs; may be empty
     * @param memory its memory
     * @param hostCell the number of the host's cell that it is on
     * @param pageKib the size of its huge pages in KiB; 0 if its memory is in ordinary pages
     */
    public record Cell(NavigableSet<Integer> vcpus, MemorySize memory, int hostCell, int pageKib) {
        /**
         * Copies the vCPUs.
         *
         * @param vcpus see the record
         * @param memory see the record
         * @param hostCell see the record
         * @param pageKib see the record
         */
        public Cell {
            vcpus = Collections.unmodifiableNavigableSet(new TreeSet<>(vcpus));
        }
    }

    /**
     * {@return how a guest is laid out} Shared vCPUs run on the shared CPUs of their cell. The emulator's threads run on the
     * CPU that is taken for them, else on the shared CPUs of the guest's cells, else on those of its dedicated vCPUs. A guest
     * without topology is kept off dedicated CPUs.
     *
     * @param host the host, with its dedicated CPUs
     * @param guest the guest's topology, if it has one
     * @param placement where {@link TopologyFit} put it
     */
    public static GuestLayout of(HostTopology host, Optional<GuestTopology> guest, GuestPlacement placement) {
        NavigableSet<Integer> shared = new TreeSet<>();
        NavigableMap<Integer, NavigableSet<Integer>> vcpuCpus = new TreeMap<>();
        List<Cell> cells = new ArrayList<>();
        List<GuestCell> asked = guest.map(GuestTopology::cells).orElse(List.of());
        for (int i = 0; i < asked.size(); i++) {
            CellPlacement given = placement.cells().get(i);
            NavigableSet<Integer> others = sharedCpus(host, given.hostCell());
            shared.addAll(others);
            for (int vcpu : asked.get(i).vcpus()) {
                Integer pin = given.pins().get(vcpu);
                vcpuCpus.put(vcpu, pin == null ? others : new TreeSet<>(Set.of(pin)));
            }
            cells.add(new Cell(asked.get(i).vcpus(), given.memory(), given.hostCell(), given.pageKib()));
        }
        NavigableSet<Integer> cpus;
        if (placement.emulatorCpu().isPresent()) {
            cpus = new TreeSet<>(Set.of(placement.emulatorCpu().get()));
        } else if (asked.isEmpty()) {
            cpus = host.dedicatedCpus().isEmpty() ? new TreeSet<>() : host.sharedCpus();
        } else {
            cpus = shared;
            if (shared.isEmpty()) {
                placement.cells().forEach(cell -> cpus.addAll(cell.pins().values()));
            }
        }
        Set<Integer> realtime = guest.map(GuestTopology::realtime).orElse(Set.of());
        return new GuestLayout(cells, vcpuCpus, cpus, realtime, placement.devices());
    }

    private static NavigableSet<Integer> sharedCpus(HostTopology host, int cell) {
        return host.cells().stream()
                .filter(one -> one.id() == cell)
                .findFirst()
                .<NavigableSet<Integer>>map(one -> new TreeSet<>(one.sharedCpus()))
                .orElseGet(TreeSet::new);
    }
}
