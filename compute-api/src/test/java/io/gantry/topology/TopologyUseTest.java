package io.gantry.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TopologyUseTest {
    private static GuestPlacement on(int cell, Set<Integer> cpus, String... devices) {
        return new GuestPlacement(
                List.of(new CellPlacement(cell, Map.of(), cpus, 1, MemorySize.mib(4), 2048)),
                Optional.empty(),
                List.of(devices));
    }

    @Test
    void theSumCountsWhatIsHeldTwiceOnceAndDoesNotThrow() {
        TopologyUse use = TopologyUse.of(List.of(on(0, Set.of(1, 2), "a"), on(0, Set.of(2, 3), "a"), on(7, Set.of(9))));

        assertEquals(Set.of(1, 2, 3), use.cell(0).taken());
        assertEquals(2, use.cell(0).sharedVcpus());
        assertEquals(Map.of(2048, 4L), use.cell(0).hugePages());
        assertEquals(Set.of(9), use.cell(7).taken());
        assertEquals(Set.of("a"), use.devices());
        assertEquals(TopologyUse.NONE, TopologyUse.of(List.of()));
    }

    @Test
    void addingWhatAnotherHasIsRefused() {
        TopologyUse use = TopologyUse.NONE.plus(on(0, Set.of(1), "a"));

        assertThrows(IllegalStateException.class, () -> use.plus(on(0, Set.of(1))));
        assertThrows(IllegalStateException.class, () -> use.plus(on(1, Set.of(1), "a")));
    }

    @Property(tries = 500)
    void guestsThatArePlacedOneAfterTheOtherSumUpAndGoAgain(@ForAll long seed) {
        Topologies random = new Topologies(seed);
        HostTopology host = random.host();
        TopologyUse use = TopologyUse.NONE;
        List<GuestPlacement> guests = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            Optional<GuestPlacement> placement =
                    new TopologyFit(host, use, 2, 1.5, false).place(random.guest(), random.devices());
            if (placement.isPresent()) {
                guests.add(placement.get());
                use = use.plus(placement.get());
            }
        }
        assertEquals(use, TopologyUse.of(guests));
        for (GuestPlacement guest : guests) {
            use = use.minus(guest);
        }
        assertEquals(Set.of(), use.devices());
        use.cells().values().forEach(cell -> {
            assertEquals(Set.of(), cell.taken());
            assertEquals(0, cell.sharedVcpus());
            assertEquals(MemorySize.ZERO, cell.memory());
            assertTrue(cell.hugePages().values().stream().allMatch(pages -> pages == 0));
        });
    }

    @Property(tries = 2000)
    void whoDoesNotFitIsToldWhyAndWhoFitsIsNot(@ForAll long seed) {
        Topologies random = new Topologies(seed);
        HostTopology host = random.host();
        TopologyUse use = random.use(host);
        Optional<GuestTopology> guest = random.guest();
        List<PciRequest> requests = random.devices();
        TopologyFit fit = new TopologyFit(host, use, 2, 1.5, false);

        if (fit.place(guest, requests).isPresent()) {
            assertThrows(IllegalStateException.class, () -> fit.lack(guest, requests));
            return;
        }
        TopologyLack lack = fit.lack(guest, requests);
        assertFalse(
                lack.code().isEmpty() || lack.needed().isEmpty() || lack.free().isEmpty(), lack.toString());
        assertTrue(lack.missing() >= 0, lack.toString());
        boolean fitsIfEmpty = new TopologyFit(host, TopologyUse.NONE, 2, 1.5, false)
                .place(guest, requests)
                .isPresent();
        assertEquals(fitsIfEmpty, lack.freeable(), lack.toString());
    }
}
