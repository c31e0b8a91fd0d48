package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The NUMA cells and the PCI devices of a host that guests can be given.
 *
 * @param cells at most 16 cells, ordered by number; none where the driver cannot tell
 * @param devices the devices, ordered by address
 */
public record HostTopology(List<HostCell> cells, List<PciDevice> devices) {
    /** A host of which nothing is known; guests that ask for a topology or for devices do not fit there. */
    public static final HostTopology UNKNOWN = new HostTopology(List.of(), List.of());

    private static final int MAX_CELLS = 16;

    /**
     * Copies and orders the lists.
     *
     * @param cells see the record
     * @param devices see the record
     * @throws InvalidRequest if there are too many cells, or a cell, a CPU or an address is there twice
     */
    public HostTopology {
        cells = cells.stream().sorted(Comparator.comparingInt(HostCell::id)).toList();
        devices = devices.stream()
                .sorted(Comparator.comparing(PciDevice::address))
                .toList();
        if (cells.size() > MAX_CELLS) {
            throw new InvalidRequest(
                    "topology.cells", cells.size(), "must be at most " + MAX_CELLS, "Leave cells without CPUs out.");
        }
        Set<Integer> ids = new HashSet<>();
        Set<Integer> cpus = new HashSet<>();
        for (HostCell cell : cells) {
            unique("topology.cells", cell.id(), ids.add(cell.id()));
            cell.cores().forEach(core -> core.forEach(cpu -> unique("topology.cpus", cpu, cpus.add(cpu))));
        }
        Set<String> addresses = new HashSet<>();
        devices.forEach(device -> unique("topology.devices", device.address(), addresses.add(device.address())));
    }

    /**
     * {@return the host with these CPUs for dedicated vCPUs, and all others for shared ones}
     *
     * @param cpus numbers of CPUs
     * @throws InvalidRequest if the host has no such CPU
     */
    public HostTopology withDedicated(Set<Integer> cpus) {
        Set<Integer> unknown = new TreeSet<>(cpus);
        cells.forEach(cell -> cell.cores().forEach(unknown::removeAll));
        if (!unknown.isEmpty()) {
            throw new InvalidRequest(
                    "host.dedicatedCpus",
                    unknown,
                    "are no CPUs of the host",
                    cells.isEmpty()
                            ? "Leave them out: the driver cannot tell the host's topology."
                            : "Name CPUs that the host reports.");
        }
        return new HostTopology(
                cells.stream().map(cell -> cell.withDedicated(cpus)).toList(), devices);
    }

    /** {@return the CPUs that only dedicated vCPUs are given} */
    public NavigableSet<Integer> dedicatedCpus() {
        NavigableSet<Integer> all = new TreeSet<>();
        cells.forEach(cell -> all.addAll(cell.dedicatedCpus()));
        return all;
    }

    /** {@return the CPUs that shared vCPUs run on} */
    public NavigableSet<Integer> sharedCpus() {
        NavigableSet<Integer> all = new TreeSet<>();
        cells.forEach(cell -> all.addAll(cell.sharedCpus()));
        return all;
    }

    private static void unique(String field, Object value, boolean isNew) {
        if (!isNew) {
            throw new InvalidRequest(field, value, "is there twice", "Name each cell, CPU and device once.");
        }
    }
}
