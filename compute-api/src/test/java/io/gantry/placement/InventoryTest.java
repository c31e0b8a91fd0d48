package io.gantry.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What inventories, resource classes and providers are made of. */
class InventoryTest {
    @ParameterizedTest(name = "total {0}, reserved {1}, ratio {2}: {3}")
    @CsvSource({
        "0, 0, 1.0, 0",
        "10, 3, 1.0, 7",
        "10, 3, 1.5, 10",
        "10, 10, 16.0, 0",
        "10, 11, 16.0, 0",
        "3, 0, 0.5, 1",
        "9223372036854775807, 0, 1.0, 9223372036854775807",
        "9223372036854775807, 0, 2.0, 9223372036854775807",
    })
    void capacityIsTotalLessReservedTimesRatioRoundedDown(long total, long reserved, double ratio, long capacity) {
        assertEquals(
                capacity,
                Inventory.of(total)
                        .withReserved(reserved)
                        .withAllocationRatio(ratio)
                        .capacity());
    }

    @ParameterizedTest(name = "from 2 to 6 in steps of 2, {0}: {1}")
    @CsvSource({"0, false", "1, false", "2, true", "3, false", "4, true", "6, true", "7, false", "8, false"})
    void amountsKeepToTheUnits(long amount, boolean allowed) {
        assertEquals(allowed, Inventory.of(100).withUnits(2, 6, 2).allows(amount));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThrows(InvalidRequest.class, () -> Inventory.of(-1));
        assertThrows(InvalidRequest.class, () -> Inventory.of(1).withReserved(-1));
        assertThrows(InvalidRequest.class, () -> Inventory.of(1).withUnits(0, 1, 1));
        assertThrows(InvalidRequest.class, () -> Inventory.of(1).withUnits(2, 1, 1));
        assertThrows(InvalidRequest.class, () -> Inventory.of(1).withUnits(1, 1, 0));
        for (double ratio : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(InvalidRequest.class, () -> Inventory.of(1).withAllocationRatio(ratio));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"VCPU", "MEMORY_MB", "DISK_MB", "CUSTOM_GPU", "CUSTOM_A_1"})
    void standardAndCustomClassesAreKnown(String name) {
        assertEquals(name, ResourceClass.of(name).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "vcpu", "DISK_GB", "CUSTOM_", "CUSTOM_gpu", "GPU", "CUSTOM_A-B"})
    void otherClassesAreRefused(String name) {
        assertThrows(InvalidRequest.class, () -> ResourceClass.of(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":a", "a b", "a/b"})
    void badProviderIdsAreRefused(String id) {
        assertThrows(InvalidRequest.class, () -> ProviderId.of(id));
    }

    @Test
    void traitsAndAggregatesHaveAForm() {
        ProviderSpec.Builder builder = ProviderSpec.builder(ProviderId.of("node7:gpu0"));

        assertThrows(InvalidRequest.class, () -> builder.traits("lower"));
        assertThrows(InvalidRequest.class, () -> builder.traits(""));
        assertThrows(InvalidRequest.class, () -> builder.aggregates(" "));
        assertThrows(InvalidRequest.class, () -> builder.aggregates("a\n"));
        ProviderSpec spec = builder.parent(ProviderId.of(HostId.of("node7")))
                .traits("CUSTOM_FAST", "CUSTOM_FAST")
                .aggregates("rack 1")
                .inventory(ResourceClass.of("CUSTOM_GPU"), Inventory.of(1))
                .build();
        assertEquals(Set.of("CUSTOM_FAST"), spec.traits());
        assertEquals(Optional.of(ProviderId.of("node7")), spec.parent());
    }

    @Test
    void whatIsFreeIsCapacityLessUse() {
        Provider provider = new Provider(
                ProviderId.of("p"),
                Optional.empty(),
                ProviderId.of("p"),
                Set.of(),
                Set.of(),
                Map.of(ResourceClass.VCPU, Inventory.of(4)),
                Map.of(ResourceClass.VCPU, 6L),
                1);

        assertEquals(-2, provider.free(ResourceClass.VCPU));
        assertEquals(0, provider.free(ResourceClass.DISK_MB));
    }
}
