package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostFilter;
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
                        "ImagePropertiesFilter",
                        "RamFilter",
                        "VcpuFilter",
                        "DiskFilter"),
                names);
        assertEquals(names.size(), new HashSet<>(names).size());
    }

    @Test
    void everyWeigherOnceWithTheSameSay() {
        assertEquals(
                List.of("RamWeigher", "CpuWeigher", "DiskWeigher"),
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
