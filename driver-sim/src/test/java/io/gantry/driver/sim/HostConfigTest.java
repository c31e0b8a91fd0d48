package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostInventory;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostConfigTest {
    @Test
    void everyParameterIsUnderstood() {
        URI uri = URI.create(
                "sim://n1?vcpus=2&memory-mib=512&disk-gib=3&bandwidth-mib=4&architecture=aarch64&version=9.1&storage=pool");
        HostConfig config = HostConfig.defaults(HostConfig.name(uri)).with(uri, Map.of());
        assertEquals(
                new HostConfig(
                        "n1",
                        2,
                        MemorySize.mib(512),
                        DiskSize.gib(3),
                        "aarch64",
                        "9.1",
                        Bandwidth.mibPerSecond(4),
                        Optional.of("pool"),
                        CellConfig.UNKNOWN),
                config);
    }

    @Test
    void propertiesServeAsParameters() {
        URI uri = URI.create("sim://n1?vcpus=2");
        HostConfig config = HostConfig.defaults("n1").with(uri, Map.of("disk-gib", "7"));
        assertEquals(2, config.vcpus());
        assertEquals(DiskSize.gib(7), config.disk());
    }

    @Test
    void storageIsTheHostsOwnUnlessItNamesOne() {
        HostConfig own = HostConfig.defaults("n1");
        HostConfig shared = own.with(URI.create("sim://n1?storage=n1"), Map.of());
        assertEquals(
                shared.storageId(),
                HostConfig.defaults("n2")
                        .with(URI.create("sim://n2?storage=n1"), Map.of())
                        .storageId());
        assertNotEquals(own.storageId(), shared.storageId());
    }

    @Test
    void inventoryShowsThem() {
        try (SimFleet fleet = SimFleet.create()) {
            fleet.addHost("sim://n1?vcpus=2&memory-mib=512&disk-gib=3");
            HostInventory inventory = fleet.node("n1").inventory();
            assertEquals("n1", inventory.hostname());
            assertEquals("sim", inventory.hypervisorType());
            assertEquals(2, inventory.vcpus());
            assertEquals(MemorySize.mib(512), inventory.memory());
            assertEquals(DiskSize.gib(3), inventory.disk());
            assertEquals(
                    Arrays.stream(DriverCapability.values()).map(Enum::name).collect(Collectors.toSet()),
                    inventory.capabilities());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sim://n1?vcpus=0, vcpus, from 1 to",
        "sim://n1?vcpus=65537, vcpus, from 1 to 65536",
        "sim://n1?vcpus=many, vcpus, whole number",
        "sim://n1?memory-mib=-1, memory-mib, from 1 to",
        "sim://n1?disk-gib=1.5, disk-gib, whole number",
        "sim://n1?bandwidth-mib=99999999999999999999, bandwidth-mib, whole number",
        "sim://n1?architecture=x%2686, architecture, letters",
        "sim://n1?storage=a%2Fb, storage, letters",
        "sim://n1?cpus=8, cpus, no setting",
        "sim://n1?vcpus=1&vcpus=2, vcpus, set twice",
        "sim://n1?vcpus, host.connection, has the parameter",
        "sim://n1?=1, host.connection, has the parameter",
    })
    void wrongParameterIsRefusedByName(String uri, String field, String why) {
        URI parsed = URI.create(uri);
        InvalidRequest refused = assertThrows(
                InvalidRequest.class, () -> HostConfig.defaults("n1").with(parsed, Map.of()));
        assertTrue(refused.field().endsWith(field), refused.field());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void parameterThatIsSetInBothPlacesIsRefused() {
        InvalidRequest refused = assertThrows(
                InvalidRequest.class,
                () -> HostConfig.defaults("n1").with(URI.create("sim://n1?vcpus=2"), Map.of("vcpus", "2")));
        assertEquals("host.properties.vcpus", refused.field());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qemu:///system",
                "sim:n1",
                "sim:///",
                "sim://n1/path",
                "sim://n1#part",
                "sim://-n1",
                "sim://a:80",
                "n1"
            })
    void uriOfAnotherFormIsRefused(String uri) {
        URI parsed = URI.create(uri);
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> HostConfig.name(parsed));
        assertEquals("host.connection", refused.field());
        assertEquals(uri, refused.value());
    }

    @Test
    void secondConnectionNamesTheSameValuesOrNone() {
        try (SimFleet fleet = SimFleet.create()) {
            fleet.addHost("sim://n1?vcpus=2");
            fleet.addHost("sim://n1");
            fleet.addHost("sim://n1?vcpus=2&memory-mib=16384");
            assertThrows(InvalidRequest.class, () -> fleet.addHost("sim://n1?vcpus=3"));
            assertThrows(InvalidRequest.class, () -> fleet.addHost("sim://n 1"));
            assertEquals(1, fleet.hosts().size());
        }
    }
}
