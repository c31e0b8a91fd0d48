package io.gantry.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What flavors ask for by the names of devices. */
class PciAliasTest {
    private static final String KEY = "pci_passthrough:alias";
    private static final PciRequest.Match CARD =
            new PciRequest.Match(Optional.of("10de"), Optional.of("20b0"), PciType.PCI);
    private static final PciRequest.Match FUNCTION =
            new PciRequest.Match(Optional.of("8086"), Optional.empty(), PciType.VF);
    private static final PciAlias GPU = new PciAlias("gpu", List.of(CARD), PciNumaPolicy.REQUIRED);
    private static final PciAlias NIC = new PciAlias("nic", List.of(FUNCTION), PciNumaPolicy.LEGACY);
    private static final Map<String, PciAlias> ALIASES = Map.of("gpu", GPU, "nic", NIC);

    @Test
    void withoutTheSpecNothingIsAskedFor() {
        assertEquals(List.of(), PciAlias.requests(Map.of(), Map.of(), ALIASES));
    }

    @Test
    void severalAliasesEachHaveTheirCountAndPolicy() {
        assertEquals(
                List.of(
                        new PciRequest("gpu", List.of(CARD), PciNumaPolicy.REQUIRED, 2),
                        new PciRequest("nic", List.of(FUNCTION), PciNumaPolicy.LEGACY, 1)),
                PciAlias.requests(Map.of(KEY, "gpu:2, nic:1"), Map.of(), ALIASES));
    }

    @Test
    void thePolicyOfTheFlavorGoesBeforeThoseOfTheAliases() {
        Map<String, String> specs = Map.of(KEY, "gpu:1", "hw:pci_numa_affinity_policy", "socket");
        assertEquals(
                PciNumaPolicy.SOCKET,
                PciAlias.requests(specs, Map.of(), ALIASES).get(0).policy());
    }

    @Test
    void aliasesOfOneNameAreForTheDevicesOfBoth() {
        PciAlias other = new PciAlias("gpu", List.of(FUNCTION), PciNumaPolicy.REQUIRED);
        assertEquals(List.of(CARD, FUNCTION), GPU.or(other).anyOf());
        assertField("pciAlias", () -> GPU.or(new PciAlias("gpu", List.of(FUNCTION), PciNumaPolicy.LEGACY)));
        assertField("pciAlias", () -> GPU.or(NIC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "gpu:", "gpu:0", "gpu:65", "gpu:x", "gpu:1,", "gpu:1:2", "tpu:1", ":1", "GPU:1"})
    void anotherFormOrAnUnknownAliasIsRefused(String text) {
        assertField(KEY, () -> PciAlias.requests(Map.of(KEY, text), Map.of(), ALIASES));
        assertField(KEY, () -> PciAlias.requests(Map.of(KEY, text), Map.of(), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a:b"})
    void namesCanBeWrittenInASpec(String name) {
        assertField("pciAlias.name", () -> new PciAlias(name, List.of(CARD), PciNumaPolicy.LEGACY));
        assertField("pciAlias.anyOf", () -> new PciAlias("none", List.of(), PciNumaPolicy.LEGACY));
    }

    private static void assertField(String field, Executable call) {
        assertEquals(field, assertThrows(InvalidRequest.class, call).field());
    }
}
