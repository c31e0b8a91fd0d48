package io.gantry.topology;

import io.gantry.unit.MemorySize;
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

        private Cell plus(CellPlacement guest) {
            Set<Integer> cpus = new HashSet<>(taken);
            guest.taken().forEach(cpu -> unique("CPU " + cpu, cpus.add(cpu)));
            Map<Integer, Long> pages = new HashMap<>(hugePages);
            long ordinary = memory.bytes();
            if (guest.pageKib() == 0) {
                ordinary += guest.memory().bytes();
            } else {
                pages.merge(guest.pageKib(), guest.pages(), Long::sum);
            }
            return new Cell(cpus, sharedVcpus + guest.sharedVcpus(), new MemorySize(ordinary), pages);
        }
    }
}
