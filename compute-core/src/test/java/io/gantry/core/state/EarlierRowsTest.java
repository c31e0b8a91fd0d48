package io.gantry.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.topology.CellPlacement;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import io.gantry.topology.PciType;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows of before there were topologies are read, and those with one come back as they were. */
final class EarlierRowsTest {
    private static final HostId H1 = HostId.of("h1");

    private final Json json = new Json();

    private static HostRow host(HostTopology topology, Set<Integer> dedicated) {
        HostInventory inventory = new HostInventory(
                        "h1", "x86_64", "sim", "1", 4, MemorySize.gib(1), DiskSize.gib(1), Set.of("PAUSE"))
                .withTopology(topology);
        return new HostRow(
                H1,
                "sim",
                URI.create("sim://h1"),
                Map.of(),
                Optional.empty(),
                inventory,
                AllocationRatios.DEFAULT,
                Optional.empty(),
                dedicated);
    }

    @Test
    void aHostOfBeforeHasNoTopologyAndNoDedicatedCpus() {
        HostRow host = host(HostTopology.UNKNOWN, Set.of());
        String text = json.write(host)
                .replace(",\"topology\":{\"cells\":[],\"devices\":[]}", "")
                .replace(",\"dedicatedCpus\":[]", "");
        assertEquals(false, text.contains("topology") || text.contains("dedicated"), text);

        assertEquals(host, json.read(text, HostRow.class));
    }

    @Test
    void aClaimOfBeforeHasNoPlacement() {
        ClaimRow claim = new ClaimRow("instance:a", H1, "h1", Map.of("VCPU", 1L));
        String text = json.write(claim).replace(",\"placement\":null", "");
        assertEquals(false, text.contains("placement"), text);

        assertEquals(claim, json.read(text, ClaimRow.class));
        assertEquals(Set.of("host", "consumer", "provider"), claim.attributes().keySet());
    }

    @Test
    void topologyAndPlacementComeBackAsTheyWere() {
        PciDevice device =
                new PciDevice("0000:81:00.1", "8086", "154c", PciType.VF, Optional.of(0), Optional.of("0000:81:00.0"));
        HostCell cell = new HostCell(
                0, 0, List.of(Set.of(0, 1), Set.of(2, 3)), MemorySize.gib(1), 4, Map.of(2048, 8L), Set.of());
        HostRow host = host(new HostTopology(List.of(cell), List.of(device)), Set.of(1, 2, 9));
        assertEquals(host, json.read(json.write(host), HostRow.class));
        assertEquals(Set.of(1, 2), host.inventory().topology().dedicatedCpus());
        assertEquals(Set.of(1, 2, 9), host.spec().dedicatedCpus());

        GuestPlacement placement = new GuestPlacement(
                List.of(new CellPlacement(0, Map.of(0, 1), Set.of(1, 2), 1, MemorySize.mib(4), 2048)),
                Optional.of(2),
                List.of("0000:81:00.1"));
        ClaimRow claim =
                new ClaimRow("instance:a", H1, "h1", Map.of("PCPU", 2L), Optional.empty(), Optional.of(placement));
        assertEquals(claim, json.read(json.write(claim), ClaimRow.class));
        assertEquals("h1", claim.attributes().get(ClaimRow.PLACED_ON));
    }
}
