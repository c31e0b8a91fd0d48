package io.gantry.scheduler.filters;

import io.gantry.flavor.Flavor;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.identity.ProjectId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.GroupView;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A host of 8 vCPUs, 16 GiB and 100 GiB of disk, and requests for it. */
final class Given {
    private static final String ZONE = "default";

    private Given() {}

    static PlacementRequest asking(Optional<String> zone) {
        return image(Map.of()).toBuilder().zone(zone).build();
    }

    static PlacementRequest request(int vcpus, MemorySize memory, DiskSize disk) {
        return request(vcpus, memory, disk, Map.of());
    }

    static PlacementRequest image(Map<String, String> properties) {
        return request(1, MemorySize.gib(1), DiskSize.gib(1), properties);
    }

    static PlacementRequest request(int vcpus, MemorySize memory, DiskSize disk, Map<String, String> properties) {
        Flavor flavor = Flavor.builder("f").vcpus(vcpus).memory(memory).build();
        Image image = new Image(
                ImageId.random(),
                "image",
                DiskFormat.RAW,
                1,
                new DiskSize(1),
                "0".repeat(64),
                MemorySize.ZERO,
                DiskSize.ZERO,
                properties,
                Instant.EPOCH);
        return PlacementRequest.builder(InstanceId.random(), ProjectId.of("project"), flavor, image)
                .rootDisk(disk)
                .build();
    }

    static HostView host(AllocationRatios ratios, int usedVcpus, MemorySize usedMemory, DiskSize usedDisk) {
        return HostView.builder(HostId.of("node1"), inventory("x86_64", "kvm"))
                .ratios(ratios)
                .usage(new HostUsage(3, usedVcpus, usedMemory, usedDisk))
                .build();
    }

    static HostView host(HostState state, Optional<String> disabledReason, HostInventory inventory) {
        return host(state, disabledReason, inventory, ZONE);
    }

    static HostView inZone(String zone) {
        return host(HostState.UP, Optional.empty(), inventory("x86_64", "kvm"), zone);
    }

    private static HostView host(
            HostState state, Optional<String> disabledReason, HostInventory inventory, String zone) {
        return HostView.builder(HostId.of("node1"), inventory)
                .state(state)
                .disabled(disabledReason)
                .ratios(AllocationRatios.DEFAULT)
                .zone(zone)
                .build();
    }

    static HostInventory inventory(String architecture, String hypervisorType) {
        return new HostInventory(
                "node1",
                architecture,
                hypervisorType,
                "7.2.22",
                8,
                MemorySize.gib(16),
                DiskSize.gib(100),
                Set.of("PAUSE"));
    }

    static PlacementRequest project(String project) {
        return image(Map.of()).toBuilder().project(ProjectId.of(project)).build();
    }

    static PlacementRequest flavor(String name, Map<String, String> extraSpecs) {
        Flavor.Builder flavor = Flavor.builder(name);
        extraSpecs.forEach(flavor::extraSpec);
        return image(Map.of()).toBuilder().flavor(flavor.build()).build();
    }

    /** {@return a request of a group, with a letter for each other member on each host: {@code node1=ab node2=c}} */
    static PlacementRequest inGroup(ServerGroupPolicy policy, int maxServerPerHost, String members) {
        Map<HostId, Set<InstanceId>> byHost = new LinkedHashMap<>();
        for (String host : members.isEmpty() ? new String[0] : members.split(" ", -1)) {
            String[] parts = host.split("=", -1);
            Set<InstanceId> there = new HashSet<>();
            parts[1].chars().forEach(letter -> there.add(new InstanceId(new UUID(0, letter))));
            byHost.put(HostId.of(parts[0]), there);
        }
        GroupView group = new GroupView(ServerGroupId.random(), policy, maxServerPerHost, byHost);
        return image(Map.of()).toBuilder().group(Optional.of(group)).build();
    }

    static HostView busy(int ioOps, String aggregates) {
        return host("node1", 3, aggregates).toBuilder().ioOps(ioOps).build();
    }

    static HostView host(String name, int instances, String aggregates) {
        return HostView.builder(HostId.of(name), inventory("x86_64", "kvm"))
                .ratios(AllocationRatios.DEFAULT)
                .usage(new HostUsage(instances, 2, MemorySize.gib(4), DiskSize.gib(10)))
                .aggregates(aggregates(aggregates))
                .build();
    }

    /** Aggregates from text: slashes between aggregates, semicolons between the pairs of one, equals signs within pairs. */
    private static Map<String, Map<String, String>> aggregates(String text) {
        Map<String, Map<String, String>> aggregates = new LinkedHashMap<>();
        if (!text.isEmpty()) {
            for (String aggregate : text.split("/", -1)) {
                aggregates.put("aggregate-" + aggregates.size(), pairs(aggregate));
            }
        }
        return aggregates;
    }

    static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.strip().split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1));
            }
        }
        return pairs;
    }
}
