package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.spi.driver.HostEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPropertiesTest {
    @Test
    void nothingIsNeeded() {
        HostProperties properties = HostProperties.parse(Map.of());
        assertEquals("/var/lib/gantry", properties.storageDirectory());
        assertEquals(Optional.empty(), properties.storageId());
        assertEquals(Optional.empty(), properties.emulator());
        assertEquals("pc", properties.machine());
        assertEquals(Optional.empty(), properties.memoryUri());
        assertFalse(properties.tcgMigrationSafe());
        assertTrue(properties.pciDevices().isEmpty());
        assertEquals(Duration.ofSeconds(10), properties.callDeadline());
    }

    @Test
    void everythingCanBeSet() {
        HostProperties properties = HostProperties.parse(Map.of(
                "storage.directory", "/srv/g",
                "storage.id", "nfs-1",
                "emulator", "/usr/bin/qemu-kvm",
                "machine", "q35",
                "migration.uri", "qemu+tls://node7/system",
                "migration.address", "10.0.0.7",
                "tcg.migration-safe", "true",
                "pci.devices", "10de:1eb8, 0000:82:10.*",
                "deadline.call", "PT2.5S"));
        assertEquals(Optional.of("tcp://10.0.0.7"), properties.memoryUri());
        assertTrue(properties.tcgMigrationSafe());
        assertFalse(properties.pciDevices().isEmpty());
        assertEquals(Duration.ofMillis(2500), properties.callDeadline());
    }

    @ParameterizedTest
    @CsvSource({
        "qemu+tls://node7/system, , tcp://node7",
        "qemu+tls://root@node7:16514/system, , tcp://node7",
        "qemu+tls://[fd00::7]/system, , tcp://[fd00::7]",
        "qemu+tls://node7/system, fd00::8, tcp://[fd00::8]",
        "qemu+tls://node7/system, [fd00::8], tcp://[fd00::8]",
        "qemu+unix:///system, , ",
    })
    void memoryGoesToTheAddressOrToWhereTheUriPoints(String uri, String address, String expected) {
        HostProperties properties = HostProperties.parse(
                address == null
                        ? Map.of("migration.uri", uri)
                        : Map.of("migration.uri", uri, "migration.address", address));
        assertEquals(Optional.ofNullable(expected), properties.memoryUri());
    }

    @ParameterizedTest
    @CsvSource({
        "storage.directory, relative/path",
        "storage.directory, /a/../b",
        "storage.directory, /a/.",
        "storage.directory, /",
        "storage.directory, '/a b'",
        "storage.directory, '/a''/><evil/>'",
        "storage.directory, ''",
        "storage.id, ''",
        "storage.id, 'a b'",
        "emulator, qemu",
        "machine, 'pc; rm'",
        "migration.uri, 'not a uri'",
        "migration.uri, http://host/system",
        "migration.address, 'a b'",
        "migration.address, 'host/../x'",
        "tcg.migration-safe, yes",
        "pci.devices, ''",
        "pci.devices, 10de",
        "pci.devices, '*:*:*.*'",
        "deadline.call, 10",
        "deadline.call, PT0S",
        "deadline.call, -PT5S",
        "deadline.call, PT1H",
    })
    void badValuesAreRefusedByNameAndValue(String name, String value) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> HostProperties.parse(Map.of(name, value)));
        assertEquals("host.properties." + name, refused.field());
        assertEquals(value, refused.value());
        assertFalse(refused.remediation().isBlank());
    }

    @Test
    void unknownNamesAreRefused() {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> HostProperties.parse(Map.of("storage.dir", "/x")));
        assertEquals("storage.dir", refused.value());
        assertTrue(refused.remediation().contains("storage.directory"), refused::remediation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xen:///system", "test:///default", "system", "qemux:///system"})
    void connectionsToOtherHypervisorsAreRefused(String uri) {
        HostEndpoint endpoint = new HostEndpoint(HostId.of("h"), URI.create(uri), Map.of());
        assertThrows(InvalidRequest.class, () -> KvmDriver.create().connect(endpoint, new Recorder()));
    }
}
