package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.tck.HostWeigherContract;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HypervisorVersionWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new HypervisorVersionWeigher();
    }

    @ParameterizedTest
    @CsvSource({
        "7.2.22, 7002022",
        "10.0.0, 10000000",
        "8.2, 8002000",
        "9, 9000000",
        "4.17.4-pre, 4017004",
        "v6.2.0+dfsg, 6002000",
        "1.1000.5, 1999005",
        "1.2.123456, 1002999",
        "1..5, 1000000",
        "'', 0",
        "unknown, 0",
        "12345678901234.1, 123456789001000"
    })
    void rawValueIsTheVersionAsOneNumber(String version, double raw) {
        HostInventory inventory = new HostInventory(
                "node1", "x86_64", "kvm", version, 8, MemorySize.gib(16), DiskSize.gib(100), Set.of());
        assertEquals(
                raw, weigher().weigh(Given.image(Map.of()), Given.host(HostState.UP, Optional.empty(), inventory)));
    }

    @Test
    void bestAndWorstAreAsFarApartAsCanBe() {
        assertEquals(WeightScale.MIN_MAX, weigher().scale());
        assertEquals(
                Optional.of("hypervisor_version_weight_multiplier"), weigher().multiplierKey());
    }
}
