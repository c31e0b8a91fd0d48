package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.instance.InstanceId;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostTopology;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A simulated host refuses what nobody can give, so that a doubled claim shows. */
class OccupancyTest {
    private static final String DEVICES =
            "0000:81:00.0/8086/1572/pf/0,0000:81:00.1/8086/154c/vf/0/0000:81:00.0,0000:82:00.0/10de/1eb8/pci/";
    private static final HostTopology HOST = topology(Map.of(
            "vcpus",
            "8",
            "memory-mib",
            "8192",
            "numa-cells",
            "2",
            "threads",
            "2",
            "huge-pages",
            "512",
            "pci-devices",
            DEVICES));

    private final Occupancy host = new Occupancy("node1", HOST);

    private static HostTopology topology(Map<String, String> properties) {
        return HostConfig.defaults("node1")
                .with(URI.create("sim://node1"), properties)
                .topology();
    }

    private static GuestLayout on(Map<Integer, Set<Integer>> vcpus, Set<Integer> cpus, String... devices) {
        NavigableMap<Integer, NavigableSet<Integer>> sets = new TreeMap<>();
        vcpus.forEach((vcpu, on) -> sets.put(vcpu, new TreeSet<>(on)));
        return new GuestLayout(List.of(), sets, new TreeSet<>(cpus), Set.of(), List.of(devices));
    }

    private void refused(GuestLayout layout, String why) {
        int before = host.refusals();
        HypervisorError error = assertThrows(HypervisorError.class, () -> host.take(InstanceId.random(), layout));
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertEquals(before + 1, host.refusals());
    }

    @Test
    void parametersDescribeCellsPagesAndDevices() {
        assertEquals(2, HOST.cells().size());
        assertEquals(List.of(Set.of(4, 5), Set.of(6, 7)), HOST.cells().get(1).cores());
        assertEquals(MemorySize.mib(4096 - 1024), HOST.cells().get(0).memory());
        assertEquals(Map.of(2048, 512L), HOST.cells().get(0).hugePages());
        assertEquals(3, HOST.devices().size());
        assertEquals(HostTopology.UNKNOWN, topology(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "numa-cells, 3, host.properties.numa-cells",
        "numa-cells, 17, host.properties.numa-cells",
        "threads, 0, host.properties.threads",
        "huge-pages, -1, host.properties.huge-pages",
        "huge-pages, 9000, host.properties.huge-pages",
        "pci-devices, nic, host.properties.pci-devices",
        "pci-devices, 0000:81:00.0/8086/1572/what/0, host.properties.pci-devices",
        "pci-devices, 81:00.0/8086/1572/pci/0, pci.address",
    })
    void refusesParametersThatDescribeNoHost(String key, String value, String field) {
        Map<String, String> properties = new TreeMap<>(Map.of("numa-cells", "1"));
        properties.put(key, value);
        InvalidRequest refusal = assertThrows(InvalidRequest.class, () -> topology(properties));
        assertEquals(field, refusal.field());
    }

    @Test
    void aPinnedCpuIsOneGuestsOnly() {
        host.take(InstanceId.random(), on(Map.of(0, Set.of(1), 1, Set.of(2, 3)), Set.of(2, 3)));

        refused(on(Map.of(0, Set.of(1)), Set.of(1)), "CPUs [1] with another guest");
        refused(on(Map.of(0, Set.of(1, 4)), Set.of()), "CPUs [1] with another guest");
        refused(on(Map.of(0, Set.of(2)), Set.of(2)), "CPUs [2] with another guest");
        refused(on(Map.of(0, Set.of(8)), Set.of()), "CPUs [8], which are not there");
        host.take(InstanceId.random(), on(Map.of(0, Set.of(2, 3)), Set.of(2, 3)));
        host.take(InstanceId.random(), GuestLayout.ANYWHERE);
    }

    @Test
    void aDeviceIsOneGuestsOnlyAndAFunctionIsWholeOrInParts() {
        host.take(InstanceId.random(), on(Map.of(), Set.of(), "0000:81:00.1"));

        refused(on(Map.of(), Set.of(), "0000:81:00.1"), "which is in use");
        refused(on(Map.of(), Set.of(), "0000:81:00.0"), "which is in use");
        refused(on(Map.of(), Set.of(), "0000:83:00.0"), "which is not there");
        refused(on(Map.of(), Set.of(), "0000:82:00.0", "0000:82:00.0"), "which is in use");
        host.take(InstanceId.random(), on(Map.of(), Set.of(), "0000:82:00.0"));
    }

    @Test
    void hugePagesAreNotOverCommitted() {
        host.take(InstanceId.random(), huge(0, 300));

        refused(huge(0, 213), "where 212 are free");
        refused(huge(2, 1), "not there");
        host.take(InstanceId.random(), huge(0, 212));
        host.take(InstanceId.random(), huge(1, 512));
    }

    private static GuestLayout huge(int cell, long pages) {
        GuestLayout.Cell on = new GuestLayout.Cell(new TreeSet<>(Set.of(0)), MemorySize.mib(pages * 2), cell, 2048);
        return new GuestLayout(List.of(on), new TreeMap<>(), new TreeSet<>(), Set.of(), List.of());
    }

    @Test
    void whatAGuestHadIsItsOwnAndFreeWhenItGoes() {
        InstanceId guest = InstanceId.random();
        host.take(guest, on(Map.of(0, Set.of(1)), Set.of(1), "0000:82:00.0"));
        host.take(guest, on(Map.of(0, Set.of(1), 1, Set.of(2)), Set.of(1, 2), "0000:82:00.0"));
        host.drop(guest);
        host.take(InstanceId.random(), on(Map.of(0, Set.of(2)), Set.of(2), "0000:82:00.0"));
        assertEquals(1, host.layouts().size());
    }
}
