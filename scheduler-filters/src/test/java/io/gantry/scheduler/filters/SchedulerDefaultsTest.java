package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.WeightScale;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerDefaultsTest {
    @Test
    void everyFilterOnceTheCheapestFirst() {
        List<String> names =
                SchedulerDefaults.filters().stream().map(HostFilter::name).toList();
        assertEquals(
                List.of(
                        "ComputeFilter",
                        "AvailabilityZoneFilter",
                        "ComputeCapabilitiesFilter",
                        "TraitsFilter",
                        "AggregatesFilter",
                        "ImagePropertiesFilter",
                        "RamFilter",
                        "VcpuFilter",
                        "DiskFilter",
                        "ServerGroupAntiAffinityFilter",
                        "ServerGroupAffinityFilter",
                        "PciPassthroughFilter",
                        "NUMATopologyFilter"),
                names);
        assertEquals(names.size(), new HashSet<>(names).size());
    }

    @Test
    void weighersOfAmountsCountFromZeroAndLetAggregatesSetTheirSay() {
        SchedulerDefaults.weighers().stream()
                .limit(3)
                .forEach(weighted ->
                        assertEquals(WeightScale.FROM_ZERO, weighted.weigher().scale()));
        assertEquals(
                List.of(
                        "ram_weight_multiplier",
                        "cpu_weight_multiplier",
                        "disk_weight_multiplier",
                        "soft_affinity_weight_multiplier",
                        "soft_anti_affinity_weight_multiplier",
                        "io_ops_weight_multiplier",
                        "pci_weight_multiplier",
                        "build_failure_weight_multiplier"),
                SchedulerDefaults.weighers().stream()
                        .flatMap(weighted -> weighted.weigher().multiplierKey().stream())
                        .toList());
    }

    @Test
    void everyWeigherOnceThoseThatLookForRoomWithTheSameSay() {
        assertEquals(
                List.of(
                        "RamWeigher",
                        "CpuWeigher",
                        "DiskWeigher",
                        "ServerGroupSoftAffinityWeigher",
                        "ServerGroupSoftAntiAffinityWeigher",
                        "IoOpsWeigher",
                        "PciWeigher",
                        "BuildFailureWeigher"),
                SchedulerDefaults.weighers().stream()
                        .map(weighted -> weighted.weigher().name())
                        .toList());
        assertEquals(
                List.of(1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, -1_000_000.0),
                SchedulerDefaults.weighers().stream()
                        .map(weighted -> weighted.multiplier())
                        .toList());
    }
}
