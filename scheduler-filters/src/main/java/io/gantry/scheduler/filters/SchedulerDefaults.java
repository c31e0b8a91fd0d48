package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.List;

/** The filters and weighers to begin with. */
public final class SchedulerDefaults {
    private SchedulerDefaults() {}

    /** {@return what an engine needs to place instances rightly, the cheapest and most selective first} */
    public static List<HostFilter> filters() {
        return List.of(
                new ComputeFilter(),
                new AvailabilityZoneFilter(),
                new ComputeCapabilitiesFilter(),
                new TraitsFilter(),
                new AggregatesFilter(),
                new ImagePropertiesFilter(),
                new RamFilter(),
                new VcpuFilter(),
                new DiskFilter(),
                new ServerGroupAntiAffinityFilter(),
                new ServerGroupAffinityFilter(),
                new PciPassthroughFilter(),
                new NUMATopologyFilter());
    }

    /**
     * {@return memory, vCPUs, disk and the soft policies of server groups, each with multiplier 1.0: instances spread; I/O
     * operations with -1.0, free PCI devices with 1.0: who needs none stays away from them; and build failures with -1,000,000: hosts that fail builds come last}
     */
    public static List<WeightedWeigher> weighers() {
        return List.of(
                new WeightedWeigher(new RamWeigher(), 1.0),
                new WeightedWeigher(new CpuWeigher(), 1.0),
                new WeightedWeigher(new DiskWeigher(), 1.0),
                new WeightedWeigher(new ServerGroupSoftAffinityWeigher(), 1.0),
                new WeightedWeigher(new ServerGroupSoftAntiAffinityWeigher(), 1.0),
                new WeightedWeigher(new IoOpsWeigher(), -1.0),
                new WeightedWeigher(new PciWeigher(), 1.0),
                new WeightedWeigher(new BuildFailureWeigher(), -1_000_000.0));
    }

    /** {@return best fit alone: instances fill up one host after the other, which leaves room for large ones} */
    public static List<WeightedWeigher> packingWeighers() {
        return List.of(new WeightedWeigher(new BestFitWeigher(), 1.0));
    }
}
