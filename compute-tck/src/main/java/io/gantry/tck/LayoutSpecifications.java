package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.gantry.error.ComputeException;
import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The part of the driver contract that is about hosts whose NUMA cells are told, and guests that are laid out on them. */
abstract class LayoutSpecifications extends DriverSpecifications {
    private static final int NO_CPU = 99_999;

    LayoutSpecifications() {}

    @Test
    @DisplayName("layout: no more CPUs are told in cells than the host has, and none of them is dedicated")
    void cellsAreOfTheHost() {
        HostTopology topology = cells();
        assertTrue(
                topology.cells().stream().mapToInt(HostCell::cpus).sum()
                        <= connection().inventory().vcpus(),
                topology::toString);
        assertEquals(Set.of(), topology.dedicatedCpus(), "whose CPUs are dedicated is not the driver's to say");
    }

    @Test
    @DisplayName("layout: a guest of one cell on a cell of the host is made and runs")
    void guestRunsOnACell() {
        HostCell cell = cells().cells().get(0);
        InstanceId id = bench().newId();
        bench().cacheImages(connection());
        connection().createGuest(bench().context(), bench().spec(id, on(cell.id(), cell.sharedCpus())));
        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("layout: what the host does not have is refused, and nothing is left of the guest")
    void impossibleLayoutIsRefused() throws Exception {
        HostCell cell = cells().cells().get(0);
        bench().cacheImages(connection());
        for (GuestLayout layout : List.of(
                anywhere(Set.of(NO_CPU), List.of()),
                on(cell.id(), Set.of(NO_CPU)),
                anywhere(Set.of(), List.of("ffff:ff:1f.7")))) {
            InstanceId id = bench().newId();
            assertThrows(
                    ComputeException.class,
                    () -> connection().createGuest(bench().context(), bench().spec(id, layout)),
                    layout::toString);
            assertTrue(connection().guest(id).isEmpty(), layout::toString);
            assertEquals(Set.of(), bench().fixture().traces(bench().host().endpoint(), id), layout::toString);
        }
    }

    @Test
    @DisplayName("layout: a guest that is to be resized to what the host does not have stays as it is")
    void impossibleLayoutIsNotResizedTo() {
        bench().need(DriverCapability.RESIZE);
        cells();
        InstanceId id = bench().created();
        GuestLayout layout = anywhere(Set.of(NO_CPU), List.of());
        assertThrows(
                ComputeException.class, () -> connection().resizeGuest(bench().context(), bench().spec(id, layout)));
        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("layout: a target refuses a guest that is to have what the target does not have")
    void targetRefusesImpossibleLayout() {
        bench().need(DriverCapability.LIVE_MIGRATION);
        cells();
        DriverBench.Host target = bench().target();
        InstanceId id = bench().running();
        MigrationOffer offer = connection().migrationSource().orElseThrow().offer(id);
        for (GuestLayout layout :
                List.of(anywhere(Set.of(NO_CPU), List.of()), anywhere(Set.of(), List.of("ffff:ff:1f.7")))) {
            assertFalse(
                    target.connection()
                            .migrationTarget()
                            .orElseThrow()
                            .refusals(offer.withLayout(layout))
                            .isEmpty(),
                    layout::toString);
        }
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    private HostTopology cells() {
        HostTopology topology = connection().inventory().topology();
        assumeFalse(topology.cells().isEmpty(), "the driver does not tell its host's cells");
        return topology;
    }

    private static GuestLayout anywhere(Set<Integer> cpus, List<String> devices) {
        return new GuestLayout(List.of(), new TreeMap<>(), new TreeSet<>(cpus), Set.of(), devices);
    }

    private GuestLayout on(int hostCell, Set<Integer> cpus) {
        Flavor flavor = bench().fixture().flavor();
        NavigableMap<Integer, NavigableSet<Integer>> vcpus = new TreeMap<>();
        for (int vcpu = 0; vcpu < flavor.vcpus(); vcpu++) {
            vcpus.put(vcpu, new TreeSet<>(cpus));
        }
        GuestLayout.Cell cell = new GuestLayout.Cell(new TreeSet<>(vcpus.keySet()), flavor.memory(), hostCell, 0);
        return new GuestLayout(List.of(cell), vcpus, new TreeSet<>(cpus), Set.of(), List.of());
    }
}
