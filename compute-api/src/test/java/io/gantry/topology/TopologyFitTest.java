package io.gantry.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Which of several places a guest is given, on hosts with two threads a core and 4 GiB a cell. */
class TopologyFitTest {
    private static final PciRequest.Match NIC =
            new PciRequest.Match(Optional.of("8086"), Optional.of("1572"), PciType.PCI);

    @Test
    void guestsSpreadOverCells() {
        HostTopology host = host(2);
        TopologyUse used = TopologyUse.NONE.plus(place(host, TopologyUse.NONE, false, dedicated("prefer", 2)));

        assertEquals(List.of(1), cells(place(host, used, false, dedicated("prefer", 1))));
        assertEquals(List.of(0), cells(place(host, used, true, dedicated("prefer", 1))), "or are packed");
    }

    @Test
    void siblingsAreUsedTogetherAndOddOnesLeaveWholeCoresToOthers() {
        HostTopology host = host(1);
        GuestPlacement first = place(host, TopologyUse.NONE, false, dedicated("prefer", 3));
        assertEquals(Map.of(0, 0, 1, 1, 2, 2), first.cells().get(0).pins());

        TopologyUse used = TopologyUse.NONE.plus(first);
        assertEquals(
                Map.of(0, 3),
                place(host, used, false, dedicated("prefer", 1)).cells().get(0).pins());
    }

    @Test
    void isolatedVcpusTakeWholeCores() {
        GuestPlacement placed = place(host(1), TopologyUse.NONE, false, dedicated("isolate", 2));
        assertEquals(Map.of(0, 0, 1, 2), placed.cells().get(0).pins());
        assertEquals(Set.of(0, 1, 2, 3), placed.cells().get(0).taken());
    }

    @Test
    void theEmulatorsCpuIsOnTheFirstCell() {
        GuestTopology guest = topology(
                4, Map.of("hw:cpu_policy", "dedicated", "hw:emulator_threads_policy", "isolate", "hw:numa_nodes", "2"));
        GuestPlacement placed = place(host(2), TopologyUse.NONE, false, guest);
        assertEquals(Optional.of(2), placed.emulatorCpu());
        assertEquals(Set.of(0, 1, 2), placed.cells().get(0).taken());
        assertEquals(2, placed.cells().get(1).taken().size());
    }

    @Test
    void sharedVcpusStayWithinTheirRatioOnTheSharedCpus() {
        HostTopology host = sharing(1, 2);
        GuestTopology two = topology(2, Map.of("hw:numa_nodes", "1"));
        assertTrue(
                fit(host, use(Set.of(), 3), 2.0, false)
                        .place(Optional.of(two), List.of())
                        .isEmpty(),
                "3 + 2 > 2 * 2");
        assertTrue(fit(host, use(Set.of(), 3), 2.5, false)
                .place(Optional.of(two), List.of())
                .isPresent());
        assertTrue(
                fit(host, use(Set.of(2, 3, 4, 5), 0), 2.0, false)
                        .place(Optional.of(two), List.of())
                        .isPresent(),
                "whatever dedicated ones are taken");
    }

    @Test
    void dedicatedVcpusAreOnDedicatedCpusOnly() {
        HostTopology host = sharing(1, 2);
        assertEquals(
                Map.of(0, 2),
                place(host, TopologyUse.NONE, false, dedicated("prefer", 1))
                        .cells()
                        .get(0)
                        .pins());
        TopologyFit fit = fit(host, TopologyUse.NONE, 16, false);
        assertTrue(fit.place(Optional.of(dedicated("prefer", 5)), List.of()).isEmpty());
        TopologyFit none = fit(sharing(1, 6), TopologyUse.NONE, 16, false);
        assertTrue(none.place(Optional.of(dedicated("prefer", 1)), List.of()).isEmpty());
    }

    @Test
    void aCoreWithSharedThreadsIsNotIsolated() {
        TopologyFit fit = fit(sharing(1, 3), TopologyUse.NONE, 1, false);
        GuestPlacement placed =
                fit.place(Optional.of(dedicated("isolate", 1)), List.of()).orElseThrow();
        assertEquals(Set.of(4, 5), placed.cells().get(0).taken());
        assertTrue(fit.place(Optional.of(dedicated("isolate", 2)), List.of()).isEmpty());
    }

    @Test
    void aGuestNeverOvercommitsAgainstItself() {
        GuestTopology seven = topology(7, Map.of("hw:numa_nodes", "1"));
        assertTrue(fit(sharing(1, 6), TopologyUse.NONE, 16, false)
                .place(Optional.of(seven), List.of())
                .isEmpty());
        GuestTopology six = topology(6, Map.of("hw:numa_nodes", "1"));
        assertTrue(fit(sharing(1, 6), use(Set.of(), 6), 2, false)
                .place(Optional.of(six), List.of())
                .isPresent());
    }

    @Test
    void aLayoutSaysWhereEachVcpuRuns() {
        HostTopology host = sharing(2, 2);
        GuestTopology mixed =
                topology(4, Map.of("hw:cpu_policy", "mixed", "hw:cpu_dedicated_mask", "0,2", "hw:numa_nodes", "2"));
        GuestLayout layout = GuestLayout.of(host, Optional.of(mixed), place(host, TopologyUse.NONE, false, mixed));
        assertEquals(Map.of(0, Set.of(2), 1, Set.of(0, 1), 2, Set.of(8), 3, Set.of(6, 7)), layout.vcpuCpus());
        assertEquals(Set.of(0, 1, 6, 7), layout.cpus());

        GuestTopology pinned = dedicated("prefer", 2);
        GuestLayout alone =
                GuestLayout.of(host(1), Optional.of(pinned), place(host(1), TopologyUse.NONE, false, pinned));
        assertEquals(Set.of(0, 1), alone.cpus(), "no CPU is shared");

        GuestPlacement none = new GuestPlacement(List.of(), Optional.empty(), List.of());
        assertEquals(
                Set.of(0, 1, 6, 7), GuestLayout.of(host, Optional.empty(), none).cpus());
        assertEquals(
                GuestLayout.ANYWHERE, GuestLayout.of(sharing(1, 6), Optional.empty(), none), "nothing is dedicated");
    }

    @Test
    void dedicatedCpusAreThoseOfTheHost() {
        assertEquals(Set.of(1, 7), host(2).withDedicated(Set.of(1, 7)).dedicatedCpus());
        assertField("host.dedicatedCpus", () -> host(2).withDedicated(Set.of(12)));
        assertField("host.dedicatedCpus", () -> HostTopology.UNKNOWN.withDedicated(Set.of(0)));
        assertField(
                "cell.dedicatedCpus",
                () -> new HostCell(0, 0, List.of(Set.of(0)), MemorySize.ZERO, 4, Map.of(), Set.of(1)));
    }

    @Test
    void cellsWithDevicesAreForGuestsThatAskForSome() {
        HostTopology host = new HostTopology(host(2).cells(), List.of(nic("0000:01:00.0", 0)));
        GuestTopology guest = dedicated("prefer", 1);
        TopologyFit fit = fit(host, TopologyUse.NONE, 1, false);
        PciRequest request = new PciRequest("nic", List.of(NIC), PciNumaPolicy.PREFERRED, 1);

        GuestPlacement with = fit.place(Optional.of(guest), List.of(request)).orElseThrow();
        assertEquals(List.of(0), cells(with));
        assertEquals(List.of("0000:01:00.0"), with.devices());
        assertEquals(List.of(1), cells(fit.place(Optional.of(guest), List.of()).orElseThrow()));
    }

    @Test
    void devicesOnTheGuestsCellsComeFirst() {
        HostTopology host = new HostTopology(host(2).cells(), List.of(nic("0000:01:00.0", 0), nic("0000:81:00.0", 1)));
        TopologyUse used = TopologyUse.NONE.plus(place(host(1), TopologyUse.NONE, false, dedicated("prefer", 6)));
        PciRequest request = new PciRequest("nic", List.of(NIC), PciNumaPolicy.PREFERRED, 1);
        GuestPlacement placed = fit(host, used, 1, false)
                .place(Optional.of(dedicated("prefer", 1)), List.of(request))
                .orElseThrow();
        assertEquals(List.of("0000:81:00.0"), placed.devices());
    }

    /** Eight cells that all fit, and devices that never do: 8! orders, if they were tried one by one. */
    @Test
    void eightCellsAreSearchedBySetsOfThem() {
        HostTopology host = host(8);
        GuestTopology guest = topology(8, Map.of("hw:cpu_policy", "dedicated", "hw:numa_nodes", "8"));
        PciRequest absent = new PciRequest("nic", List.of(NIC), PciNumaPolicy.REQUIRED, 1);
        TopologyFit fit = fit(host, TopologyUse.NONE, 1, false);
        assertTrue(fit.place(Optional.of(guest), List.of(absent)).isEmpty());
        assertEquals(
                8, cells(fit.place(Optional.of(guest), List.of()).orElseThrow()).size());
    }

    @Test
    void whatIsUsedTwiceIsAnError() {
        GuestPlacement placed = place(host(1), TopologyUse.NONE, false, dedicated("prefer", 1));
        TopologyUse used = TopologyUse.NONE.plus(placed);
        assertThrows(IllegalStateException.class, () -> used.plus(placed));
        GuestPlacement device = new GuestPlacement(List.of(), Optional.empty(), List.of("0000:01:00.0"));
        TopologyUse withDevice = used.plus(device);
        assertThrows(IllegalStateException.class, () -> withDevice.plus(device));
    }

    @Test
    void cellsAndDevicesOfAHostAreThereOnce() {
        HostCell cell = host(1).cells().get(0);
        PciDevice nic = nic("0000:01:00.0", 0);
        assertField("topology.cells", () -> new HostTopology(List.of(cell, cell), List.of()));
        assertField("topology.devices", () -> new HostTopology(List.of(cell), List.of(nic, nic)));
        assertField(
                "cell.cores",
                () -> new HostCell(0, 0, List.of(Set.of(0), Set.of(0)), MemorySize.ZERO, 4, Map.of(), Set.of()));
        assertField(
                "cell.hugePages.size",
                () -> new HostCell(0, 0, List.of(), MemorySize.ZERO, 4, Map.of(4, 1L), Set.of()));
        assertField("pci.address", () -> nic("01:00.0", 0));
        assertField("pci_passthrough:alias", () -> new PciRequest("nic", List.of(NIC), PciNumaPolicy.LEGACY, 0));
    }

    private static void assertField(String field, Executable call) {
        assertEquals(field, assertThrows(InvalidRequest.class, call).field());
    }

    /** All CPUs are for dedicated vCPUs. */
    private static HostTopology host(int cells) {
        return sharing(cells, 0);
    }

    private static HostTopology sharing(int cells, int sharedCpus) {
        List<HostCell> all = new ArrayList<>();
        for (int i = 0; i < cells; i++) {
            int cpu = i * 6;
            List<Set<Integer>> cores =
                    List.of(Set.of(cpu, cpu + 1), Set.of(cpu + 2, cpu + 3), Set.of(cpu + 4, cpu + 5));
            Set<Integer> dedicated =
                    IntStream.range(cpu + sharedCpus, cpu + 6).boxed().collect(Collectors.toSet());
            all.add(new HostCell(i, i, cores, MemorySize.gib(4), 4, Map.of(), dedicated));
        }
        return new HostTopology(all, List.of());
    }

    private static PciDevice nic(String address, int cell) {
        return new PciDevice(address, "8086", "1572", PciType.PCI, Optional.of(cell), Optional.empty());
    }

    private static TopologyUse use(Set<Integer> taken, int shared) {
        return new TopologyUse(Map.of(0, new TopologyUse.Cell(taken, shared, MemorySize.ZERO, Map.of())), Set.of());
    }

    private static GuestTopology dedicated(String threads, int vcpus) {
        return topology(vcpus, Map.of("hw:cpu_policy", "dedicated", "hw:cpu_thread_policy", threads));
    }

    private static GuestTopology topology(int vcpus, Map<String, String> specs) {
        return TopologyRequest.topology(vcpus, MemorySize.mib(512), specs, Map.of())
                .orElseThrow();
    }

    private static TopologyFit fit(HostTopology host, TopologyUse used, double cpuRatio, boolean pack) {
        return new TopologyFit(host, used, cpuRatio, 1.0, pack);
    }

    private static GuestPlacement place(HostTopology host, TopologyUse used, boolean pack, GuestTopology guest) {
        return fit(host, used, 1.0, pack).place(Optional.of(guest), List.of()).orElseThrow();
    }

    private static List<Integer> cells(GuestPlacement placed) {
        return placed.cells().stream().map(CellPlacement::hostCell).toList();
    }
}
