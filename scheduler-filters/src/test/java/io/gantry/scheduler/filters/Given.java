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
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A host of 8 vCPUs, 16 GiB and 100 GiB of disk, and requests for it. */
final class Given {
    private static final String ZONE = "default";

    private Given() {}

    static PlacementRequest asking(Optional<String> zone) {
        PlacementRequest any = image(Map.of());
        return new PlacementRequest(
                any.instance(), any.project(), any.flavor(), any.rootDisk(), any.image(), zone, any.metadata());
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
        return new PlacementRequest(
                InstanceId.random(), ProjectId.of("project"), flavor, disk, image, Optional.empty(), Map.of());
    }

    static HostView host(AllocationRatios ratios, int usedVcpus, MemorySize usedMemory, DiskSize usedDisk) {
        return new HostView(
                HostId.of("node1"),
                HostState.UP,
                Optional.empty(),
                inventory("x86_64", "kvm"),
                ratios,
                new HostUsage(3, usedVcpus, usedMemory, usedDisk),
                ZONE,
                Map.of());
    }

    static HostView host(HostState state, Optional<String> disabledReason, HostInventory inventory) {
        return host(state, disabledReason, inventory, ZONE);
    }

    static HostView inZone(String zone) {
        return host(HostState.UP, Optional.empty(), inventory("x86_64", "kvm"), zone);
    }

    private static HostView host(
            HostState state, Optional<String> disabledReason, HostInventory inventory, String zone) {
        return new HostView(
                HostId.of("node1"),
                state,
                disabledReason,
                inventory,
                AllocationRatios.DEFAULT,
                new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO),
                zone,
                Map.of());
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
        PlacementRequest any = image(Map.of());
        return new PlacementRequest(
                any.instance(),
                ProjectId.of(project),
                any.flavor(),
                any.rootDisk(),
                any.image(),
                any.zone(),
                any.metadata());
    }

    static PlacementRequest flavor(String name, Map<String, String> extraSpecs) {
        PlacementRequest any = image(Map.of());
        Flavor.Builder flavor = Flavor.builder(name);
        extraSpecs.forEach(flavor::extraSpec);
        return new PlacementRequest(
                any.instance(), any.project(), flavor.build(), any.rootDisk(), any.image(), any.zone(), any.metadata());
    }

    static HostView host(String name, int instances, String aggregates) {
        return new HostView(
                HostId.of(name),
                HostState.UP,
                Optional.empty(),
                inventory("x86_64", "kvm"),
                AllocationRatios.DEFAULT,
                new HostUsage(instances, 2, MemorySize.gib(4), DiskSize.gib(10)),
                ZONE,
                aggregates(aggregates));
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
