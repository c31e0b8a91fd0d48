package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.WeightScale;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
                        "ImagePropertiesFilter",
                        "RamFilter",
                        "VcpuFilter",
                        "DiskFilter",
                        "ServerGroupAntiAffinityFilter",
                        "ServerGroupAffinityFilter"),
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
                        "soft_anti_affinity_weight_multiplier"),
                SchedulerDefaults.weighers().stream()
                        .flatMap(weighted -> weighted.weigher().multiplierKey().stream())
                        .toList());
    }

    @Test
    void everyWeigherOnceWithTheSameSay() {
        assertEquals(
                List.of(
                        "RamWeigher",
                        "CpuWeigher",
                        "DiskWeigher",
                        "ServerGroupSoftAffinityWeigher",
                        "ServerGroupSoftAntiAffinityWeigher"),
                SchedulerDefaults.weighers().stream()
                        .map(weighted -> weighted.weigher().name())
                        .toList());
        assertEquals(
                Set.of(1.0),
                Set.copyOf(SchedulerDefaults.weighers().stream()
                        .map(weighted -> weighted.multiplier())
                        .toList()));
    }
}
