package io.gantry.topology;

import java.util.List;
import java.util.Set;

/**
 * The NUMA cells that a guest is to have, and how they go onto those of a host.
 *
 * @param cells 1 or more; each goes onto another cell of the host
 * @param cpuPolicy how vCPUs and CPUs go together
 * @param threadPolicy how dedicated CPUs go together with thread siblings
 * @param emulatorThreads where the threads of the emulator run
 * @param pageSize the pages that its memory is to be in
 * @param realtime vCPUs that are scheduled in real time
 */
public record GuestTopology(
        List<GuestCell> cells,
        CpuPolicy cpuPolicy,
        CpuThreadPolicy threadPolicy,
        EmulatorThreadsPolicy emulatorThreads,
        PageSize pageSize,
        Set<Integer> realtime) {
    /**
     * Copies the collections.
     *
     * @param cells see the record
     * @param cpuPolicy see the record
     * @param threadPolicy see the record
     * @param emulatorThreads see the record
     * @param pageSize see the record
     * @param realtime see the record
     */
    public GuestTopology {
        cells = List.copyOf(cells);
        realtime = Set.copyOf(realtime);
    }
}
