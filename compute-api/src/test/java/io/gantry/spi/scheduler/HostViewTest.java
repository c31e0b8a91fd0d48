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
        return new HostView(
                HostId.of("h1"),
                HostState.UP,
                Optional.empty(),
                inventory,
                ratios,
                new HostUsage(1, vcpus, memory, disk),
                "default",
                Map.of());
    }

    @Test
    void aggregateMetadataIsWhatAnyOfTheHostsAggregatesSays() {
        HostView host = new HostView(
                HostId.of("h1"),
                HostState.UP,
                Optional.empty(),
                new HostInventory("h1", "x86_64", "kvm", "7.2", 8, MemorySize.gib(16), DiskSize.gib(100), Set.of()),
                AllocationRatios.DEFAULT,
                new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO),
                "zone-1",
                Map.of("rack-1", Map.of("ssd", "true"), "fast", Map.of("ssd", "nvme", "gpu", "no"), "all", Map.of()));

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
}
