package io.gantry.driver.kvm;

import static io.gantry.driver.kvm.Layouts.cell;
import static io.gantry.driver.kvm.Layouts.pins;
import static io.gantry.driver.kvm.Layouts.set;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import io.gantry.topology.PciType;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayoutChecksTest {
    private static final HostTopology HOST = new HostTopology(
            List.of(hostCell(0, List.of(Set.of(0, 1), Set.of(2, 3))), hostCell(1, List.of(Set.of(4, 5)))),
            List.of(new PciDevice("0000:0a:00.0", "10de", "1eb8", PciType.PCI, Optional.empty(), Optional.empty())));
    private static final Flavor TWO =
            Flavor.builder("f").vcpus(2).memory(MemorySize.mib(96)).build();
    private static final GuestLayout.Cell WHOLE = cell(set(0, 1), 96, 0, 0);

    private static HostCell hostCell(int id, List<Set<Integer>> cores) {
        return new HostCell(id, id, cores, MemorySize.gib(1), 4, Map.of(2048, 64L), Set.of());
    }

    private static GuestLayout layout(
            List<GuestLayout.Cell> cells, NavigableMap<Integer, NavigableSet<Integer>> pins, String... devices) {
        return new GuestLayout(cells, pins, set(0), Set.of(), List.of(devices));
    }

    private static void assertRefused(GuestLayout layout, String field, String value, String problem) {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> new LayoutChecks("h1", HOST).require(layout, TWO));
        assertEquals(field, refused.field());
        assertEquals(value, refused.value());
        assertTrue(String.valueOf(refused.getMessage()).contains(problem), refused::toString);
        assertFalse(refused.remediation().isBlank());
    }

    @Test
    void whatTheHostHasIsAccepted() {
        LayoutChecks checks = new LayoutChecks("h1", HOST);
        for (GuestLayout good : List.of(
                GuestLayout.ANYWHERE,
                Layouts.floating(0, 5),
                Layouts.pinned(96, 1, 3),
                layout(
                        List.of(cell(set(0), 32, 1, 2048), cell(set(1), 64, 0, 2048)),
                        pins(set(4), set(0)),
                        "0000:0a:00.0"))) {
            assertDoesNotThrow(() -> checks.require(good, TWO));
            assertDoesNotThrow(() -> checks.requirePossible(good));
        }
    }

    @Test
    void cellsAreThoseOfTheGuest() {
        assertRefused(
                layout(List.of(cell(set(0), 96, 0, 0)), pins(set(0))),
                "layout.cells",
                "[0]",
                "are not the guest's 2 vCPUs");
        assertRefused(
                layout(List.of(cell(set(0, 2), 96, 0, 0)), pins()), "layout.cells", "[0, 2]", "are not the guest's");
        assertRefused(
                layout(List.of(cell(set(0, 1), 48, 0, 0), cell(set(1), 48, 1, 0)), pins()),
                "layout.cells",
                "1",
                "is in two cells");
        // libvirt would give the guest the sum of its cells, whatever its memory was to be.
        assertRefused(
                layout(List.of(cell(set(0, 1), 64, 0, 0)), pins()),
                "layout.cells",
                (64 << 20) + " bytes",
                "is not the guest's memory, 96 MiB");
    }

    @Test
    void vcpusRunSomewhere() {
        assertRefused(layout(List.of(WHOLE), pins(set(0), set())), "layout.vcpuCpus", "1 on []", "has no CPU");
        assertRefused(layout(List.of(), pins(set(0))), "layout.vcpuCpus", "0 on [0]", "is a vCPU of no cell");
        assertRefused(
                new GuestLayout(List.of(WHOLE), pins(set(0)), set(0), Set.of(1), List.of()),
                "layout.realtime",
                "[1]",
                "without CPUs of their own");
    }

    @Test
    void theHostHasWhatIsNamed() {
        assertRefused(
                layout(List.of(cell(set(0, 1), 96, 2, 0)), pins()),
                "layout.cells",
                "2",
                "no NUMA cell with CPUs of host h1");
        assertRefused(
                layout(List.of(cell(set(0, 1), 96, 0, 1048576)), pins()),
                "layout.cells",
                "1048576 KiB",
                "is no size of huge pages on cell 0");
        assertRefused(
                layout(List.of(cell(set(0), 31, 0, 2048), cell(set(1), 65, 0, 0)), pins()),
                "layout.cells",
                "31 MiB",
                "not a whole number of pages");
        assertRefused(layout(List.of(WHOLE), pins(set(0, 6, 7))), "layout.vcpuCpus", "6-7", "are no CPUs that host h1");
        assertRefused(Layouts.floating(0, 8), "layout.cpus", "8", "are no CPUs that host h1 has online");
    }

    @Test
    void aDeviceThatIsNotGivenAwayIsRefusedWhoeverAsks() {
        assertRefused(
                Layouts.withDevices(GuestLayout.ANYWHERE, "0000:04:00.0"),
                "layout.devices",
                "0000:04:00.0",
                "is no PCI device that host h1 gives away");
        assertRefused(
                Layouts.withDevices(GuestLayout.ANYWHERE, "0000:0a:00.0", "0000:0a:00.0"),
                "layout.devices",
                "[0000:0a:00.0, 0000:0a:00.0]",
                "has a device twice");
    }

    @Test
    void whereTheHostTellsNothingOnlyWhatAsksForNothingFits() {
        LayoutChecks unknown = new LayoutChecks("h1", HostTopology.UNKNOWN);
        assertDoesNotThrow(() -> unknown.require(GuestLayout.ANYWHERE, TWO));
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> unknown.require(Layouts.floating(0), TWO));
        assertTrue(refused.remediation().contains("does not tell its CPUs"), refused::remediation);
    }
}
