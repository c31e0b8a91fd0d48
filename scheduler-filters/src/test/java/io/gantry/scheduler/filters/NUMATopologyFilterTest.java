package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.gantry.placement.Shortage;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import io.gantry.topology.PciNumaPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NUMATopologyFilterTest extends HostFilterContract {
    private static final String PINNED = "hw:cpu_policy=dedicated";

    @Override
    protected HostFilter filter() {
        return new NUMATopologyFilter();
    }

    @ParameterizedTest(name = "[{index}] {0} with {1} dedicated, {2} taken: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            hw:cpu_policy=dedicated                                       | 0 1 4 5       | -     | OK
            hw:cpu_policy=dedicated                                       | 0 1 4 5       | 5     | DEDICATED_CPUS: needs 4 dedicated CPUs on one cell, has 3 on cell 0
            hw:cpu_policy=dedicated                                       | 0 1 8 9       | -     | DEDICATED_CPUS: needs 4 dedicated CPUs on one cell, has 2 on cell 0
            hw:cpu_policy=dedicated                                       | -             | -     | DEDICATED_CPUS: needs 4 dedicated CPUs on one cell, has 0 on cell 0
            hw:cpu_policy=dedicated;hw:numa_nodes=2                       | 0 1 8 9       | -     | OK
            hw:cpu_policy=dedicated;hw:numa_nodes=2                       | 0 1 8 9       | 8     | NUMA_CELLS: needs 2 NUMA cells, has room for each of them, but not for all
            hw:cpu_policy=dedicated;hw:cpu_thread_policy=isolate          | 0 1 2 3 4 5 6 7 | -   | OK
            hw:cpu_policy=dedicated;hw:cpu_thread_policy=isolate          | 0 1 2 3 4 5 6 7 | 0   | DEDICATED_CPUS: needs 4 dedicated CPUs on one cell, isolate, has 3 on cell 0
            hw:cpu_policy=dedicated;hw:cpu_thread_policy=require          | 0 1 2 3       | -     | DEDICATED_CPUS: needs 4 dedicated CPUs on one cell, require, has 0 on cell 0
            hw:cpu_policy=dedicated;hw:emulator_threads_policy=isolate    | 0 1 4 5       | -     | DEDICATED_CPUS: needs 5 dedicated CPUs on one cell, has 4 on cell 0
            hw:cpu_policy=mixed;hw:cpu_dedicated_mask=0                   | 0             | -     | OK
            hw:cpu_policy=mixed;hw:cpu_dedicated_mask=0                   | 0 1 2 3 4 5 6 7 | -   | NUMA_CELLS: needs 1 dedicated CPU, 3 shared vCPUs and 4 GiB on one cell, has no cell with all of that
            hw:numa_nodes=1                                               | 0 1 2 3 4 8 9 10 11 12 | - | SHARED_CPUS: needs 4 shared vCPUs on one cell, has 3 on cell 0 of 3 CPUs
            hw:numa_nodes=4                                               | -             | -     | NUMA_CELLS: needs 4 NUMA cells, has 2 NUMA cells
            hw:mem_page_size=2MB                                          | -             | -     | CELL_MEMORY: needs 4 GiB in pages of 2 MiB on one cell, has 2.0 GiB on cell 1
            hw:mem_page_size=large                                        | -             | -     | CELL_MEMORY: needs 4 GiB in pages of size large on one cell, has 2.0 GiB on cell 1
            hw:mem_page_size=any                                          | -             | -     | OK
            hw:cpu_policy=shared                                          | 0 1 2 3 4 5 6 7 | -   | OK
            """)
    void goldenTable(String specs, String dedicated, String taken, String verdict) {
        assertEquals(verdict, verdict(specs, dedicated, taken).toString());
    }

    private Verdict verdict(String specs, String dedicated, String taken) {
        return filter().test(
                        Given.cells(specs, 0, PciNumaPolicy.LEGACY),
                        Given.cells(numbers(dedicated), numbers(taken), Set.of()));
    }

    private static Set<Integer> numbers(String text) {
        return text.equals("-")
                ? Set.of()
                : Stream.of(text.strip().split(" ")).map(Integer::valueOf).collect(Collectors.toSet());
    }

    @ParameterizedTest(name = "[{index}] {0} devices {1}, {2} in use: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            2 | REQUIRED  | -            | OK
            3 | REQUIRED  | -            | PCI_AFFINITY: needs 3 nic near the guest's cells, has none that are free near cells with room
            2 | LEGACY    | 0000:00:00.0 | PCI_AFFINITY: needs 2 nic near the guest's cells, has none that are free near cells with room
            3 | PREFERRED | -            | OK
            3 | PREFERRED | 0000:01:00.0 | PCI_DEVICES: needs 3 nic, has 2 free of 3
            1 | SOCKET    | -            | OK
            """)
    void devicesHaveToBeNearTheCells(int devices, PciNumaPolicy policy, String used, String verdict) {
        assertEquals(
                verdict,
                filter().test(
                                Given.cells(PINNED, devices, policy),
                                Given.cells(Set.of(0, 1, 2, 3), Set.of(), used.equals("-") ? Set.of() : Set.of(used)))
                        .toString());
    }

    @Test
    void saysWhatIsMissingAndWhetherOthersCouldGiveItBack() {
        assertEquals(
                Optional.of(new Shortage("dedicated CPUs on one cell", 1, "1 dedicated CPUs", true)),
                verdict(PINNED, "0 1 4 5", "5").shortage());
        assertEquals(
                Optional.of(new Shortage("dedicated CPUs on one cell", 2, "2 dedicated CPUs", false)),
                verdict(PINNED, "0 1", "-").shortage());
    }

    @Test
    void aHostOfWhichNothingIsKnownTakesNobodyWhoAsks() {
        assertEquals(
                Verdict.reject("NUMA_CELLS", "a host whose NUMA cells are known", "none known"),
                filter().test(Given.cells(PINNED, 0, PciNumaPolicy.LEGACY), Given.host("node1", 0, "")));
        assertEquals(Verdict.pass(), filter().test(Given.image(Map.of()), Given.host("node1", 0, "")));
    }

    @Test
    void costsNothingWhereNothingIsAsked() {
        assertSame(
                ColumnFilter.KEEP_ALL,
                filter().columns(Given.cells("", 2, PciNumaPolicy.LEGACY)).orElseThrow());
    }
}
