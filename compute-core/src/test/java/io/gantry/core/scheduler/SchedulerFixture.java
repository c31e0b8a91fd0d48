package io.gantry.core.scheduler;

import io.gantry.flavor.Flavor;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.identity.ProjectId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Hosts by name, and filters and weighers that judge by it. */
final class SchedulerFixture {
    static final PlacementRequest REQUEST = PlacementRequest.builder(
                    InstanceId.random(),
                    ProjectId.of("p"),
                    Flavor.builder("f").build(),
                    new Image(
                            ImageId.random(),
                            "i",
                            DiskFormat.RAW,
                            1,
                            DiskSize.gib(1),
                            "",
                            MemorySize.ZERO,
                            DiskSize.ZERO,
                            Map.of(),
                            Instant.EPOCH))
            .rootDisk(DiskSize.gib(1))
            .build();

    private SchedulerFixture() {}

    static PlacementReport rank(HostScheduler scheduler, String... hosts) {
        return rank(
                scheduler, Stream.of(hosts).map(name -> view(name, Map.of())).toList());
    }

    static PlacementReport rank(HostScheduler scheduler, List<HostView> hosts) {
        return scheduler.rank(REQUEST, hosts, host -> Optional.empty());
    }

    static List<String> names(PlacementReport report) {
        return report.hosts().stream().map(host -> host.host().value()).toList();
    }

    interface Judge {
        Verdict of(String host);
    }

    static HostFilter filter(String name, Judge judge) {
        return new HostFilter() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Verdict test(PlacementRequest request, HostView host) {
                return judge.of(host.id().value());
            }
        };
    }

    static HostWeigher weigher(String name, Map<String, Double> raw) {
        return weigher(name, raw, WeightScale.MIN_MAX, Optional.empty());
    }

    static HostWeigher weigher(
            String name, Map<String, Double> raw, WeightScale scale, Optional<String> multiplierKey) {
        return new HostWeigher() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double weigh(PlacementRequest request, HostView host) {
                return raw.getOrDefault(host.id().value(), 0.0);
            }

            @Override
            public WeightScale scale() {
                return scale;
            }

            @Override
            public Optional<String> multiplierKey() {
                return multiplierKey;
            }
        };
    }

    static HostView view(String name, Map<String, Map<String, String>> aggregates) {
        return HostView.builder(
                        HostId.of(name),
                        new HostInventory(
                                name, "x86_64", "sim", "1", 8, MemorySize.gib(16), DiskSize.gib(100), Set.of()))
                .ratios(AllocationRatios.DEFAULT)
                .aggregates(aggregates)
                .build();
    }
}
