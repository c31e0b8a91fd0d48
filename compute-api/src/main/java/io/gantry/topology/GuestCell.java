package io.gantry.topology;

import io.gantry.unit.MemorySize;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A NUMA cell of a guest.
 *
 * @param vcpus the numbers of its vCPUs; may be empty
 * @param dedicated those that have a CPU for themselves
 * @param memory its memory
 */
public record GuestCell(NavigableSet<Integer> vcpus, NavigableSet<Integer> dedicated, MemorySize memory) {
    /**
     * Copies the sets.
     *
     * @param vcpus see the record
     * @param dedicated see the record
     * @param memory see the record
     * @throws IllegalArgumentException if a dedicated vCPU is none of the cell's
     */
    public GuestCell {
        vcpus = Collections.unmodifiableNavigableSet(new TreeSet<>(vcpus));
        dedicated = Collections.unmodifiableNavigableSet(new TreeSet<>(dedicated));
        if (!vcpus.containsAll(dedicated)) {
            throw new IllegalArgumentException("dedicated " + dedicated + " are not of " + vcpus);
        }
    }

    int shared() {
        return vcpus.size() - dedicated.size();
    }
}
