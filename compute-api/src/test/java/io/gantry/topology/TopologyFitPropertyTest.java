package io.gantry.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** A guest fits if and only if trying everything finds a place, and the place found keeps every rule. */
class TopologyFitPropertyTest {
    @Property(tries = 20000)
    void fitsIfAndOnlyIfSomethingFits(@ForAll long seed) {
        Topologies some = new Topologies(seed);
        HostTopology host = some.host();
        TopologyUse used = some.use(host);
        Optional<GuestTopology> guest = some.guest();
        List<PciRequest> devices = some.devices();
        double cpuRatio = some.ratio();
        double ramRatio = some.ratio();
        TopologyFit fit = new TopologyFit(host, used, cpuRatio, ramRatio, some.pack());

        Optional<GuestPlacement> found = fit.place(guest, devices);

        Oracle oracle = new Oracle(host, used, cpuRatio, ramRatio);
        boolean fits = oracle.fits(guest, devices);
        assertEquals(fits, found.isPresent(), () -> host + " " + used + " " + guest + " " + devices);
        assertEquals(found, fit.place(guest, devices), "the same for the same values");
        Statistics.label("fits").collect(fits);
        Statistics.label("fits").coverage(coverage -> {
            coverage.check(true).percentage(p -> p > 10);
            coverage.check(false).percentage(p -> p > 10);
        });
        found.ifPresent(place -> {
            guest.ifPresent(topology -> cellsKeepTheRules(oracle, host, used, topology, place));
            devicesKeepTheRules(oracle, host, used, guest.isPresent(), devices, place);
            TopologyUse after = used.plus(place);
            assertTrue(after.devices().containsAll(place.devices()));
        });
    }

    private static void cellsKeepTheRules(
            Oracle oracle, HostTopology host, TopologyUse used, GuestTopology guest, GuestPlacement place) {
        assertEquals(guest.cells().size(), place.cells().size());
        assertEquals(
                place.cells().size(),
                place.cells().stream().map(CellPlacement::hostCell).distinct().count());
        assertEquals(
                guest.emulatorThreads() == EmulatorThreadsPolicy.ISOLATE,
                place.emulatorCpu().isPresent());
        for (int i = 0; i < place.cells().size(); i++) {
            GuestCell asked = guest.cells().get(i);
            CellPlacement given = place.cells().get(i);
            HostCell on = host.cells().stream()
                    .filter(cell -> cell.id() == given.hostCell())
                    .findFirst()
                    .orElseThrow();
            Set<Integer> pinned = new HashSet<>(given.pins().values());
            assertEquals(asked.dedicated(), given.pins().keySet());
            assertEquals(asked.dedicated().size(), pinned.size(), "no CPU twice");
            Set<Integer> withEmulator = new HashSet<>(pinned);
            if (i == 0) {
                place.emulatorCpu().ifPresent(cpu -> assertTrue(withEmulator.add(cpu)));
            }
            assertTrue(oracle.allowed(guest.threadPolicy(), asked, on, pinned, withEmulator));
            Set<Integer> expected = on.cores().stream()
                    .filter(core -> guest.threadPolicy() == CpuThreadPolicy.ISOLATE)
                    .filter(core -> core.stream().anyMatch(withEmulator::contains))
                    .flatMap(Set::stream)
                    .collect(Collectors.toCollection(HashSet::new));
            expected.addAll(withEmulator);
            assertEquals(expected, given.taken());
            assertEquals(asked.vcpus().size() - asked.dedicated().size(), given.sharedVcpus());
            assertEquals(asked.memory(), given.memory());
            pagesAreThere(used, guest, given, on);
        }
    }

    private static void pagesAreThere(TopologyUse used, GuestTopology guest, CellPlacement given, HostCell on) {
        TopologyUse.Cell use = used.cell(on.id());
        if (given.pageKib() == 0) {
            assertNotEquals(PageSize.Kind.LARGE, guest.pageSize().kind());
            assertTrue(given.memory().compareTo(on.memory()) <= 0);
            return;
        }
        assertEquals(given.memory().bytes(), given.pages() * given.pageKib() * 1024L);
        Map<Integer, Long> inUse = use.hugePages();
        assertTrue(inUse.getOrDefault(given.pageKib(), 0L) + given.pages()
                <= on.hugePages().getOrDefault(given.pageKib(), 0L));
    }

    private static void devicesKeepTheRules(
            Oracle oracle,
            HostTopology host,
            TopologyUse used,
            boolean hasTopology,
            List<PciRequest> requests,
            GuestPlacement place) {
        List<HostCell> cells = host.cells().stream()
                .filter(cell -> place.cells().stream().anyMatch(on -> on.hostCell() == cell.id()))
                .toList();
        List<String> rest = new ArrayList<>(place.devices());
        Set<String> taken = new HashSet<>(used.devices());
        for (PciRequest request : requests) {
            for (int i = 0; i < request.count(); i++) {
                String address = rest.remove(0);
                PciDevice device = host.devices().stream()
                        .filter(one -> one.address().equals(address))
                        .findFirst()
                        .orElseThrow();
                assertTrue(taken.add(address), "no device twice");
                assertTrue(request.accepts(device));
                assertTrue(!hasTopology || oracle.near(request.policy(), device, cells));
            }
        }
        assertEquals(List.of(), rest);
        for (PciDevice virtual : host.devices()) {
            boolean given = place.devices().contains(virtual.address())
                    || virtual.physicalFunction()
                            .filter(place.devices()::contains)
                            .isPresent();
            assertTrue(!given
                    || !taken.contains(virtual.address())
                    || virtual.physicalFunction().filter(taken::contains).isEmpty());
        }
    }
}
