package io.gantry.spi.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostViewTest {
    private static HostView host(AllocationRatios ratios, int vcpus, MemorySize memory, DiskSize disk) {
        HostInventory inventory =
                new HostInventory("h1", "x86_64", "kvm", "7.2", 8, MemorySize.gib(16), DiskSize.gib(100), Set.of());
        return HostView.builder(HostId.of("h1"), inventory)
                .ratios(ratios)
                .usage(new HostUsage(1, vcpus, memory, disk))
                .build();
    }

    @Test
    void aggregateMetadataIsWhatAnyOfTheHostsAggregatesSays() {
        HostView host = host(AllocationRatios.DEFAULT, 0, MemorySize.ZERO, DiskSize.ZERO).toBuilder()
                .aggregates(Map.of(
                        "rack-1", Map.of("ssd", "true"), "fast", Map.of("ssd", "nvme", "gpu", "no"), "all", Map.of()))
                .build();

        assertEquals(Set.of("true", "nvme"), host.aggregateMetadata("ssd"));
        assertEquals(Set.of("no"), host.aggregateMetadata("gpu"));
        assertEquals(Set.of(), host.aggregateMetadata("hdd"));
    }

    @Test
    void freeIsTotalTimesRatioLessUsed() {
        HostView host = host(new AllocationRatios(4, 1.5, 0.5), 30, MemorySize.gib(20), DiskSize.gib(10));
        assertEquals(2, host.freeVcpus());
        assertEquals(MemorySize.gib(4).bytes(), host.freeMemory());
        assertEquals(DiskSize.gib(40).bytes(), host.freeDisk());
    }

    @Test
    void freeIsNegativeIfMoreIsUsedThanTheRatioAllows() {
        HostView host = host(new AllocationRatios(1, 1, 1), 9, MemorySize.gib(17), DiskSize.gib(101));
        assertEquals(-1, host.freeVcpus());
        assertEquals(-MemorySize.gib(1).bytes(), host.freeMemory());
        assertEquals(-DiskSize.gib(1).bytes(), host.freeDisk());
    }

    @Test
    void fractionsOfUnitsAreNotFree() {
        HostView host = host(new AllocationRatios(0.7, 1, 1), 0, MemorySize.ZERO, DiskSize.ZERO);
        assertEquals(5, host.freeVcpus());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void multiplierIsFinite(double multiplier) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> new WeightedWeigher((r, h) -> 0, multiplier));
        assertEquals("weigher.multiplier", refused.field());
    }

    @Test
    void aViewKeepsWhatItWasBuiltFromAndDiffersOnlyInWhatIsChanged() {
        Map<String, String> metadata = new HashMap<>(Map.of("ssd", "true"));
        HostView host = host(AllocationRatios.DEFAULT, 1, MemorySize.gib(1), DiskSize.gib(1)).toBuilder()
                .disabled(Optional.of("dust"))
                .state(HostState.DOWN)
                .zone("zone-1")
                .aggregates(Map.of("rack-1", metadata))
                .build();
        metadata.put("ssd", "false");

        HostView same = host.toBuilder().build();
        assertEquals(host.id(), same.id());
        assertEquals(HostState.DOWN, same.state());
        assertEquals(Optional.of("dust"), same.disabledReason());
        assertEquals(host.inventory(), same.inventory());
        assertEquals(host.ratios(), same.ratios());
        assertEquals(host.usage(), same.usage());
        assertEquals("zone-1", same.zone());
        assertEquals(Map.of("rack-1", Map.of("ssd", "true")), same.aggregates());
        assertEquals(HostState.UP, host.toBuilder().state(HostState.UP).build().state());
    }
}
