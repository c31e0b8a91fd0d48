package io.gantry.topology;

import io.gantry.unit.MemorySize;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What guests have of a host's topology. Values that grow by {@link #plus}.
 *
 * @param cells by the number of the host's cell; those of which nothing is used may be missing
 * @param devices addresses of the devices that guests have
 */
public record TopologyUse(Map<Integer, Cell> cells, Set<String> devices) {
    /** Nothing is used. */
    public static final TopologyUse NONE = new TopologyUse(Map.of(), Set.of());

    /**
     * Copies the collections.
     *
     * @param cells see the record
     * @param devices see the record
     */
    public TopologyUse {
        cells = Map.copyOf(cells);
        devices = Set.copyOf(devices);
    }

    /**
     * {@return what is used of a cell}
     *
     * @param id the cell's number
     */
    public Cell cell(int id) {
        return cells.getOrDefault(id, Cell.NONE);
    }

    /**
     * {@return what some guests have together} Of what two of them have, both are taken to have it: what is recorded may be
     * wrong, and nobody is helped by not knowing the rest.
     *
     * @param guests where they are
     */
    public static TopologyUse of(Collection<GuestPlacement> guests) {
        if (guests.isEmpty()) {
            return NONE;
        }
        Map<Integer, Cell> all = new HashMap<>();
        Set<String> had = new HashSet<>();
        for (GuestPlacement guest : guests) {
            guest.cells().forEach(cell -> all.merge(cell.hostCell(), Cell.of(cell), Cell::with));
            had.addAll(guest.devices());
        }
        return new TopologyUse(all, had);
    }

    /**
     * {@return how many devices of a host are free; of a physical function and its virtual ones either}
     *
     * @param host the host
     */
    public int freeDevices(HostTopology host) {
        return host.devices().isEmpty() ? 0 : new DeviceFit(host, this).free();
    }

    /**
     * {@return this and what one more guest has}
     *
     * @param guest where that guest is
     * @throws IllegalStateException if a CPU or a device that it has is in use already
     */
    public TopologyUse plus(GuestPlacement guest) {
        Map<Integer, Cell> all = new HashMap<>(cells);
        guest.cells()
                .forEach(cell -> all.put(
                        cell.hostCell(),
                        all.getOrDefault(cell.hostCell(), Cell.NONE).plus(cell)));
        Set<String> had = new HashSet<>(devices);
        for (String device : guest.devices()) {
            unique(device, had.add(device));
        }
        return new TopologyUse(all, had);
    }

    /**
     * {@return this without what a guest has that is part of it}
     *
     * @param guest where that guest is
     */
    public TopologyUse minus(GuestPlacement guest) {
        Map<Integer, Cell> all = new HashMap<>(cells);
        guest.cells().forEach(cell -> all.computeIfPresent(cell.hostCell(), (id, used) -> used.without(Cell.of(cell))));
        Set<String> had = new HashSet<>(devices);
        guest.devices().forEach(had::remove);
        return new TopologyUse(all, had);
    }

    private static void unique(Object what, boolean isNew) {
        if (!isNew) {
            throw new IllegalStateException(what + " is in use by two guests");
        }
    }

    /**
     * What guests have of a cell.
     *
     * @param taken CPUs that one guest has for itself
     * @param sharedVcpus vCPUs that share the others
     * @param memory memory in ordinary pages
     * @param hugePages huge pages by size in KiB
     */
    public record Cell(Set<Integer> taken, int sharedVcpus, MemorySize memory, Map<Integer, Long> hugePages) {
        /** Nothing is used. */
        public static final Cell NONE = new Cell(Set.of(), 0, MemorySize.ZERO, Map.of());

        /**
         * Copies the collections.
         *
         * @param taken see the record
         * @param sharedVcpus see the record
         * @param memory see the record
         * @param hugePages see the record
         */
        public Cell {
            taken = Set.copyOf(taken);
            hugePages = Map.copyOf(hugePages);
        }

        private static Cell of(CellPlacement guest) {
            boolean huge = guest.pageKib() != 0;
            return new Cell(
                    guest.taken(),
                    guest.sharedVcpus(),
                    huge ? MemorySize.ZERO : guest.memory(),
                    huge ? Map.of(guest.pageKib(), guest.pages()) : Map.of());
        }

        private Cell plus(CellPlacement guest) {
            for (int cpu : guest.taken()) {
                unique("CPU " + cpu, !taken.contains(cpu));
            }
            return with(of(guest));
        }

        private Cell without(Cell other) {
            Set<Integer> cpus = new HashSet<>(taken);
            cpus.removeAll(other.taken);
            Map<Integer, Long> pages = new HashMap<>(hugePages);
            other.hugePages.forEach((size, count) -> pages.merge(size, -count, Long::sum));
            return new Cell(
                    cpus,
                    sharedVcpus - other.sharedVcpus,
                    new MemorySize(memory.bytes() - other.memory.bytes()),
                    pages);
        }

        private Cell with(Cell other) {
            Set<Integer> cpus = new HashSet<>(taken);
            cpus.addAll(other.taken);
            Map<Integer, Long> pages = new HashMap<>(hugePages);
            other.hugePages.forEach((size, count) -> pages.merge(size, count, Long::sum));
            return new Cell(
                    cpus,
                    sharedVcpus + other.sharedVcpus,
                    new MemorySize(memory.bytes() + other.memory.bytes()),
                    pages);
        }
    }
}
