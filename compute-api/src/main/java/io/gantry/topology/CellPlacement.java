package io.gantry.topology;

import io.gantry.unit.MemorySize;
import java.util.Map;
import java.util.Set;

/**
 * Where a guest's cell is.
 *
 * @param hostCell the number of the host's cell
 * @param pins the CPU of each dedicated vCPU
 * @param taken all CPUs that no other guest may use: the pinned ones, idle siblings of isolated ones, the emulator's
 * @param sharedVcpus how many vCPUs are on the shared CPUs of the host's cell
 * @param memory the cell's memory
 * @param pageKib the size of its huge pages in KiB; 0 if its memory is in ordinary pages
 */
public record CellPlacement(
        int hostCell, Map<Integer, Integer> pins, Set<Integer> taken, int sharedVcpus, MemorySize memory, int pageKib) {
    /**
     * Copies the collections.
     *
     * @param hostCell see the record
     * @param pins see the record
     * @param taken see the record
     * @param sharedVcpus see the record
     * @param memory see the record
     * @param pageKib see the record
     */
    public CellPlacement {
        pins = Map.copyOf(pins);
        taken = Set.copyOf(taken);
    }

    /** {@return how many huge pages it has} */
    public long pages() {
        return pageKib == 0 ? 0 : memory.bytes() / (pageKib * 1024L);
    }
}
