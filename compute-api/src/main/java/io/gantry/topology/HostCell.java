package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.MemorySize;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A NUMA cell of a host.
 *
 * @param id the cell's number, 0 or more
 * @param socket the number of the socket that it is part of, 0 or more
 * @param cores its cores, each as the numbers of the CPUs that are its threads; no CPU is in two of them
 * @param memory memory in pages of the smallest size, that is without what is set aside as huge pages
 * @param smallPageKib the smallest page size in KiB, such as 4
 * @param hugePages how many pages are set aside, by page size in KiB; each size is greater than the smallest
 * @param dedicatedCpus those of its CPUs that only dedicated vCPUs are given; all others are for shared ones
 */
public record HostCell(
        int id,
        int socket,
        List<Set<Integer>> cores,
        MemorySize memory,
        int smallPageKib,
        Map<Integer, Long> hugePages,
        Set<Integer> dedicatedCpus) {
    /**
     * Copies the collections and checks them.
     *
     * @param id see the record
     * @param socket see the record
     * @param cores see the record
     * @param memory see the record
     * @param smallPageKib see the record
     * @param hugePages see the record
     * @param dedicatedCpus see the record
     * @throws InvalidRequest if a number is out of range, a core is empty, a CPU is in two cores, or a dedicated one in none
     */
    public HostCell {
        cores = cores.stream().map(Set::copyOf).toList();
        hugePages = Map.copyOf(hugePages);
        dedicatedCpus = Set.copyOf(dedicatedCpus);
        atLeast("cell.id", id, 0);
        atLeast("cell.socket", socket, 0);
        atLeast("cell.smallPageKib", smallPageKib, 1);
        Set<Integer> seen = new HashSet<>();
        for (Set<Integer> core : cores) {
            atLeast("cell.cores", core.size(), 1);
            for (int cpu : core) {
                atLeast("cell.cores", cpu, 0);
                if (!seen.add(cpu)) {
                    throw new InvalidRequest("cell.cores", cpu, "is in two cores of cell " + id, "Name each CPU once.");
                }
            }
        }
        for (int cpu : dedicatedCpus) {
            if (!seen.contains(cpu)) {
                throw new InvalidRequest(
                        "cell.dedicatedCpus", cpu, "is no CPU of cell " + id, "Name CPUs of the cell's cores.");
            }
        }
        for (Map.Entry<Integer, Long> pages : hugePages.entrySet()) {
            atLeast("cell.hugePages.size", pages.getKey(), smallPageKib + 1L);
            atLeast("cell.hugePages.count", pages.getValue(), 0);
        }
    }

    /** {@return the number of CPUs} */
    public int cpus() {
        return cores.stream().mapToInt(Set::size).sum();
    }

    /** {@return the CPUs that shared vCPUs run on} */
    public Set<Integer> sharedCpus() {
        return cores.stream()
                .flatMap(Set::stream)
                .filter(cpu -> !dedicatedCpus.contains(cpu))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * {@return the cell with other dedicated CPUs}
     *
     * @param cpus CPUs of the host; those that are not of this cell are left out
     */
    HostCell withDedicated(Set<Integer> cpus) {
        Set<Integer> own =
                cores.stream().flatMap(Set::stream).filter(cpus::contains).collect(Collectors.toSet());
        return new HostCell(id, socket, cores, memory, smallPageKib, hugePages, own);
    }

    private static void atLeast(String field, long value, long least) {
        if (value < least) {
            throw new InvalidRequest(
                    field, value, "must be at least " + least, "Describe the cell as the host reports it.");
        }
    }
}
