package io.gantry.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.MemorySize;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What flavors and images say of a guest with 4 vCPUs and 1 GiB. Specs are written {@code key=value key=value}. */
class TopologyRequestTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hw:cpu_policy=shared",
                "hw:emulator_threads_policy=share",
                "hw:cpu_realtime=no",
                "trait:HW_CPU=required"
            })
    void withoutNeedThereIsNoTopology(String specs) {
        assertEquals(Optional.empty(), read(specs, ""));
    }

    @Test
    void dedicatedMeansOneCellAndEachVcpu() {
        GuestTopology topology = topology("hw:cpu_policy=dedicated", "");
        assertEquals(List.of(cell(1024, 0, 1, 2, 3)), topology.cells());
        assertEquals(CpuPolicy.DEDICATED, topology.cpuPolicy());
        assertEquals(CpuThreadPolicy.PREFER, topology.threadPolicy());
        assertEquals(EmulatorThreadsPolicy.SHARE, topology.emulatorThreads());
    }

    @Test
    void cellsAreSplitEvenlyUnlessSaidOtherwise() {
        assertEquals(
                List.of(cell(512, 0, 1), cell(512, 2, 3)),
                topology("hw:numa_nodes=2 hw:cpu_policy=dedicated", "").cells());
        assertEquals(
                List.of(cell(256, 0), cell(768, 1, 2, 3)),
                topology(
                                "hw:numa_nodes=2 hw:cpu_policy=dedicated hw:numa_cpus.0=0 hw:numa_mem.0=256"
                                        + " hw:numa_cpus.1=1-3 hw:numa_mem.1=768",
                                "")
                        .cells());
        assertEquals(
                2, topology("", "hw_numa_nodes=2").cells().size(), "the image may say it where the flavor does not");
    }

    @Test
    void mixedDividesTheVcpusOfEachCell() {
        GuestTopology topology = topology("hw:numa_nodes=2 hw:cpu_policy=mixed hw:cpu_dedicated_mask=^0,^3", "");
        assertEquals(Set.of(1), topology.cells().get(0).dedicated());
        assertEquals(Set.of(2), topology.cells().get(1).dedicated());
    }

    @ParameterizedTest
    @CsvSource({
        "hw:cpu_policy=dedicated, hw_cpu_policy=shared, DEDICATED",
        "hw:cpu_policy=dedicated, hw_cpu_policy=dedicated, DEDICATED",
        "'', hw_cpu_policy=dedicated, DEDICATED",
        "hw:cpu_policy=mixed hw:cpu_dedicated_mask=0, hw_cpu_policy=shared, MIXED",
    })
    void cpuPolicyOfTheFlavorWins(String specs, String properties, CpuPolicy expected) {
        assertEquals(expected, topology(specs, properties).cpuPolicy());
    }

    @ParameterizedTest
    @CsvSource({
        "hw:cpu_thread_policy=isolate, '', ISOLATE",
        "'', hw_cpu_thread_policy=require, REQUIRE",
        "hw:cpu_thread_policy=prefer, hw_cpu_thread_policy=require, PREFER",
        "hw:cpu_thread_policy=isolate, hw_cpu_thread_policy=isolate, ISOLATE",
    })
    void threadPolicyOfTheFlavorWins(String specs, String properties, CpuThreadPolicy expected) {
        assertEquals(
                expected,
                topology("hw:cpu_policy=dedicated " + specs, properties).threadPolicy());
    }

    @ParameterizedTest
    @CsvSource({
        "small, SMALL, 0",
        "large, LARGE, 0",
        "any, ANY, 0",
        "2048, EXACT, 2048",
        "2MB, EXACT, 2048",
        "2 MiB, EXACT, 2048",
        "1GB, EXACT, 1048576"
    })
    void pageSizesHaveWordsOrUnits(String text, PageSize.Kind kind, int kib) {
        PageSize expected = new PageSize(kind, kib);
        assertEquals(
                expected,
                TopologyRequest.topology(4, MemorySize.gib(1), Map.of("hw:mem_page_size", text), Map.of())
                        .orElseThrow()
                        .pageSize());
        assertEquals(
                expected,
                TopologyRequest.topology(
                                4,
                                MemorySize.gib(1),
                                Map.of("hw:mem_page_size", "any"),
                                Map.of("hw_mem_page_size", text))
                        .orElseThrow()
                        .pageSize());
    }

    @Test
    void realtimeVcpusAreThoseOfTheMaskOrTheDedicatedOnes() {
        String realtime = "hw:cpu_realtime=true ";
        assertEquals(
                Set.of(1, 2, 3),
                topology(realtime + "hw:cpu_policy=dedicated hw:cpu_realtime_mask=^0", "")
                        .realtime());
        assertEquals(
                Set.of(0, 1, 2, 3),
                topology(realtime + "hw:cpu_policy=dedicated hw:emulator_threads_policy=isolate", "")
                        .realtime());
        assertEquals(
                Set.of(2, 3),
                topology(realtime + "hw:cpu_policy=mixed hw:cpu_dedicated_mask=2-3", "")
                        .realtime());
    }

    @ParameterizedTest
    @CsvSource({
        "hw:cpu_policy, hw:cpu_policy=sometimes, ''",
        "hw_cpu_policy, '', hw_cpu_policy=sometimes",
        "hw_cpu_policy, hw:cpu_policy=shared, hw_cpu_policy=dedicated",
        "hw_cpu_policy, hw:cpu_policy=mixed hw:cpu_dedicated_mask=0, hw_cpu_policy=dedicated",
        "hw:cpu_thread_policy, hw:cpu_thread_policy=isolate, ''",
        "hw_cpu_thread_policy, '', hw_cpu_thread_policy=isolate",
        "hw_cpu_thread_policy, hw:cpu_policy=dedicated hw:cpu_thread_policy=isolate, hw_cpu_thread_policy=require",
        "hw:cpu_thread_policy, hw:cpu_policy=dedicated hw:cpu_thread_policy=never, ''",
        "hw:emulator_threads_policy, hw:emulator_threads_policy=isolate, ''",
        "hw:emulator_threads_policy, hw:cpu_policy=dedicated hw:emulator_threads_policy=no, ''",
        "hw:cpu_dedicated_mask, hw:cpu_policy=mixed, ''",
        "hw:cpu_dedicated_mask, hw:cpu_policy=dedicated hw:cpu_dedicated_mask=0, ''",
        "hw:cpu_dedicated_mask, hw:cpu_dedicated_mask=0, ''",
        "hw:cpu_dedicated_mask, 'hw:cpu_policy=mixed hw:cpu_dedicated_mask=0-3', ''",
        "hw:cpu_dedicated_mask, 'hw:cpu_policy=mixed hw:cpu_dedicated_mask=0,^0', ''",
        "hw:cpu_dedicated_mask, 'hw:cpu_policy=mixed hw:cpu_dedicated_mask=4', ''",
        "hw:cpu_dedicated_mask, 'hw:cpu_policy=mixed hw:cpu_dedicated_mask=2-1', ''",
        "hw:cpu_dedicated_mask, 'hw:cpu_policy=mixed hw:cpu_dedicated_mask=a', ''",
        "hw:cpu_dedicated_mask, 'hw:cpu_policy=mixed hw:cpu_dedicated_mask=0,', ''",
        "hw:cpu_realtime, hw:cpu_realtime=true, ''",
        "hw:cpu_realtime, hw:cpu_realtime=perhaps, ''",
        "hw:cpu_realtime_mask, hw:cpu_realtime=true hw:cpu_policy=dedicated, ''",
        "hw:cpu_realtime_mask, hw:cpu_realtime=true hw:cpu_policy=dedicated hw:cpu_realtime_mask=0-3, ''",
        "hw:numa_nodes, hw:numa_nodes=0, ''",
        "hw:numa_nodes, hw:numa_nodes=5, ''",
        "hw:numa_nodes, hw:numa_nodes=two, ''",
        "hw:numa_nodes, hw:numa_nodes=3, ''",
        "hw_numa_nodes, '', hw_numa_nodes=3",
        "hw_numa_nodes, hw:numa_nodes=2, hw_numa_nodes=2",
        "hw:numa_cpus.0, hw:numa_cpus.0=0-3, ''",
        "hw_numa_mem.0, '', hw_numa_mem.0=1024",
        "hw:numa_mem.0, hw:numa_nodes=1 hw:numa_cpus.0=0-3, ''",
        "hw:numa_cpus.0, hw:numa_nodes=1 hw:numa_mem.0=1024, ''",
        "hw:numa_cpus, hw:numa_nodes=1 hw:numa_cpus.0=0-2 hw:numa_mem.0=1024, ''",
        "hw:numa_mem, hw:numa_nodes=1 hw:numa_cpus.0=0-3 hw:numa_mem.0=1023, ''",
        "hw:numa_mem.0, hw:numa_nodes=1 hw:numa_cpus.0=0-3 hw:numa_mem.0=-1, ''",
        "hw:numa_cpus.1, hw:numa_nodes=1 hw:numa_cpus.0=0-3 hw:numa_mem.0=1024 hw:numa_cpus.1=0, ''",
        "hw:numa_cpus.x, hw:numa_nodes=1 hw:numa_cpus.0=0-3 hw:numa_mem.0=1024 hw:numa_cpus.x=0, ''",
        "hw_numa_cpus.0, hw:numa_nodes=1 hw:numa_cpus.0=0-3 hw:numa_mem.0=1024, hw_numa_cpus.0=0-3",
        "hw:numa_cpus.1, "
                + "hw:numa_nodes=2 hw:numa_cpus.0=0-2 hw:numa_mem.0=512 hw:numa_cpus.1=2-3 hw:numa_mem.1=512, ''",
        "hw:mem_page_size, hw:mem_page_size=huge, ''",
        "hw:mem_page_size, hw:mem_page_size=0, ''",
        "hw:mem_page_size, hw:mem_page_size=999999999GB, ''",
        "hw_mem_page_size, '', hw_mem_page_size=large",
        "hw_mem_page_size, hw:mem_page_size=small, hw_mem_page_size=large",
        "hw_mem_page_size, hw:mem_page_size=2MB, hw_mem_page_size=2MB",
        "hw_mem_page_size, hw:mem_page_size=any, hw_mem_page_size=huge",
    })
    void contradictionsAndNonsenseAreRefusedByField(String field, String specs, String properties) {
        InvalidRequest refusal = assertThrows(InvalidRequest.class, () -> read(specs, properties));
        assertEquals(field, refusal.field());
        assertTrue(refusal.remediation().length() > 10);
    }

    @Test
    void devicesPolicyIsThatOfFlavorOrImageIfTheyAgree() {
        assertEquals(Optional.empty(), TopologyRequest.pciNumaPolicy(Map.of(), Map.of()));
        Map<String, String> specs = Map.of("hw:pci_numa_affinity_policy", "socket");
        String twin = "hw_pci_numa_affinity_policy";
        assertEquals(Optional.of(PciNumaPolicy.SOCKET), TopologyRequest.pciNumaPolicy(specs, Map.of()));
        assertEquals(Optional.of(PciNumaPolicy.SOCKET), TopologyRequest.pciNumaPolicy(specs, Map.of(twin, "socket")));
        assertEquals(
                Optional.of(PciNumaPolicy.REQUIRED), TopologyRequest.pciNumaPolicy(Map.of(), Map.of(twin, "required")));
        assertEquals(
                twin,
                assertThrows(InvalidRequest.class, () -> TopologyRequest.pciNumaPolicy(specs, Map.of(twin, "required")))
                        .field());
    }

    private static GuestCell cell(int mib, Integer... vcpus) {
        TreeSet<Integer> all = new TreeSet<>(Arrays.asList(vcpus));
        return new GuestCell(all, all, MemorySize.mib(mib));
    }

    private static GuestTopology topology(String specs, String properties) {
        return read(specs, properties).orElseThrow();
    }

    private static Optional<GuestTopology> read(String specs, String properties) {
        return TopologyRequest.topology(4, MemorySize.gib(1), map(specs), map(properties));
    }

    private static Map<String, String> map(String specs) {
        Map<String, String> map = new HashMap<>();
        for (String spec : specs.isBlank() ? new String[0] : specs.strip().split(" +")) {
            String[] pair = spec.split("=", 2);
            map.put(pair[0], pair[1]);
        }
        return map;
    }
}
