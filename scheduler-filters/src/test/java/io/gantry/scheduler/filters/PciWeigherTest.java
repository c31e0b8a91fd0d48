package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.tck.HostWeigherContract;
import io.gantry.topology.PciNumaPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PciWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new PciWeigher();
    }

    @Test
    void fewerFreeDevicesAreBetterForWhoAsksAndForWhoDoesNot() {
        for (int asked = 0; asked < 2; asked++) {
            var request = Given.cells("", asked, PciNumaPolicy.LEGACY);
            assertEquals(-3, weigher().weigh(request, Given.cells(Set.of(), Set.of(), Set.of())));
            assertEquals(-2, weigher().weigh(request, Given.cells(Set.of(), Set.of(), Set.of("0000:00:00.0"))));
            assertEquals(0, weigher().weigh(request, Given.host("node1", 0, "")));
        }
    }

    @Test
    void aggregatesMaySetItsSay() {
        assertEquals(Optional.of("pci_weight_multiplier"), weigher().multiplierKey());
        assertEquals(0, weigher().weigh(Given.image(Map.of()), Given.host("node1", 0, "")));
    }
}
