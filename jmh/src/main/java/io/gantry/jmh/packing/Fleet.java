package io.gantry.jmh.packing;

import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.scheduler.Exclusion;
import io.gantry.core.scheduler.HostOrder;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
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

/** Hosts that fill up, as the engine's scheduler decides. */
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

    Fleet(List<HostView> hosts, List<WeightedWeigher> weighers) {
        this.scheduler = new HostScheduler(SchedulerDefaults.filters(), weighers, HostOrder.bestFirst());
        index.load(hosts);
    }

    /** {@return how many instances are placed before the first is refused} */
    int fill(List<Flavor> requests) {
        int placed = 0;
        for (Flavor flavor : requests) {
            if (!place(flavor)) {
                return placed;
            }
            placed++;
        }
        return placed;
    }

    private boolean place(Flavor flavor) {
        PlacementRequest request = PlacementRequest.builder(InstanceId.random(), ProjectId.of("project"), flavor, IMAGE)
                .build();
        Optional<HostId> host =
                HostScheduler.accepted(scheduler.decide(request, index, Map.of(), Exclusion.NONE, 1)).stream()
                        .findFirst();
        host.flatMap(index::get).ifPresent(view -> index.put(with(view, request)));
        return host.isPresent();
    }

    /** {@return the host with one more guest, where the claim would put it} */
    private static HostView with(HostView host, PlacementRequest request) {
        HostUsage usage = host.usage();
        HostView.Builder after = host.toBuilder()
                .usage(new HostUsage(
                        usage.instances() + 1,
                        Math.toIntExact(usage.vcpus() + request.vcpus()),
                        new MemorySize(usage.memory().bytes() + request.memory().bytes()),
                        new DiskSize(usage.disk().bytes() + request.localDisk().bytes())));
        if (request.topologyNeed().isAny()) {
            after.topologyUse(host.topologyUse()
                    .plus(request.topologyNeed()
                            .place(host.inventory().topology(), host.topologyUse(), host.ratios())
                            .orElseThrow()));
        }
        return after.build();
    }
}
