package io.gantry.jmh.packing;

import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.scheduler.Exclusion;
import io.gantry.core.scheduler.HostOrder;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostUsage;
import io.gantry.identity.ProjectId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hosts without over-commitment that fill up, as the engine's scheduler decides. */
final class Fleet {
    private static final Image IMAGE = new Image(
            ImageId.random(),
            "image",
            DiskFormat.QCOW2,
            1,
            DiskSize.gib(1),
            "0".repeat(64),
            MemorySize.ZERO,
            DiskSize.ZERO,
            Map.of(),
            Instant.EPOCH);

    private final CandidateIndex index = new CandidateIndex();
    private final HostScheduler scheduler;

    Fleet(List<Size> hosts, List<WeightedWeigher> weighers) {
        this.scheduler = new HostScheduler(SchedulerDefaults.filters(), weighers, HostOrder.bestFirst());
        for (int i = 0; i < hosts.size(); i++) {
            Size size = hosts.get(i);
            String name = String.format("host-%05d", i);
            index.put(HostView.builder(
                            HostId.of(name),
                            new HostInventory(
                                    name,
                                    "x86_64",
                                    "sim",
                                    "1",
                                    size.vcpus(),
                                    MemorySize.gib(size.memory()),
                                    DiskSize.gib(size.disk()),
                                    Set.of()))
                    .build());
        }
    }

    /** {@return how many instances of a trace are placed before the first is refused} */
    int fill(List<Size> trace) {
        int placed = 0;
        for (Size size : trace) {
            Optional<HostId> host = place(size);
            if (host.isEmpty()) {
                return placed;
            }
            placed++;
        }
        return placed;
    }

    private Optional<HostId> place(Size size) {
        Flavor flavor = Flavor.builder("flavor")
                .vcpus(size.vcpus())
                .memory(MemorySize.gib(size.memory()))
                .disk(DiskSize.gib(size.disk()))
                .build();
        PlacementRequest request = PlacementRequest.builder(InstanceId.random(), ProjectId.of("project"), flavor, IMAGE)
                .build();
        Optional<HostId> host =
                HostScheduler.accepted(scheduler.decide(request, index, Map.of(), Exclusion.NONE, 1)).stream()
                        .findFirst();
        host.flatMap(index::get)
                .ifPresent(view -> index.put(
                        view.toBuilder().usage(with(view.usage(), flavor)).build()));
        return host;
    }

    private static HostUsage with(HostUsage usage, Flavor flavor) {
        return new HostUsage(
                usage.instances() + 1,
                usage.vcpus() + flavor.vcpus(),
                new MemorySize(usage.memory().bytes() + flavor.memory().bytes()),
                new DiskSize(usage.disk().bytes() + flavor.disk().bytes()));
    }
}
