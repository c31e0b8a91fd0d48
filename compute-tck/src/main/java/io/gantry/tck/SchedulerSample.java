package io.gantry.tck;

import static java.util.Objects.requireNonNull;

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
import io.gantry.instance.SchedulerHints;
import io.gantry.instance.ServerGroupId;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.GroupView;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a filter or weigher is asked once.
 *
 * @param request what is to be placed
 * @param host the host
 */
public record SchedulerSample(PlacementRequest request, HostView host) {
    /**
     * Checks that both parts are there.
     *
     * @param request see the record
     * @param host see the record
     */
    public SchedulerSample {
        requireNonNull(request, "request");
        requireNonNull(host, "host");
    }

    /**
     * {@return samples of many sizes, from tiny to the largest that the types hold; the same ones each time}
     *
     * @param count how many
     */
    public static List<SchedulerSample> spread(int count) {
        Random random = new Random(20_26);
        return IntStream.range(0, count)
                .mapToObj(i -> new SchedulerSample(
                        TopologySample.asking(hinting(inGroup(request(random), i, count), i), i),
                        TopologySample.having(host(random, i), i)))
                .toList();
    }

    /** Two of three are in no group; the others in one of each policy, with members here and there. */
    private static PlacementRequest inGroup(PlacementRequest request, int i, int hosts) {
        if (i % 3 != 0) {
            return request;
        }
        Random random = new Random(i);
        Map<HostId, Set<InstanceId>> members = new HashMap<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            InstanceId member = new InstanceId(uuid(random));
            Stream.of(random.nextInt(hosts), random.nextBoolean() ? i : i + hosts)
                    .forEach(host -> members.computeIfAbsent(HostId.of("node" + host), id -> new HashSet<>())
                            .add(member));
        }
        List<ServerGroupPolicy> policies = List.of(ServerGroupPolicy.values());
        ServerGroupPolicy policy = policies.get(i / 3 % policies.size());
        ServerGroupId id = new ServerGroupId(uuid(random));
        return request.toBuilder()
                .group(Optional.of(new GroupView(id, policy, 1 + random.nextInt(3), members)))
                .build();
    }

    /** Two of four hint at nothing. */
    private static PlacementRequest hinting(PlacementRequest request, int i) {
        if (i % 4 < 2) {
            return request;
        }
        Random random = new Random(i);
        InstanceId other = new InstanceId(uuid(random));
        SchedulerHints.Builder hints = SchedulerHints.builder()
                .near(i % 8 == 2 ? "10.1.2.9" : "2001:db8::1/96")
                .custom("key", "value");
        return request.toBuilder()
                .hints((i % 4 == 2 ? hints.sameHost(other) : hints.differentHost(other)).build())
                .hintedHosts(Map.of(other, Set.of(HostId.of("node" + i), HostId.of("node0"))))
                .build();
    }

    private static PlacementRequest request(Random random) {
        Flavor.Builder flavor = Flavor.builder("flavor-" + random.nextInt(3))
                .vcpus(1 + random.nextInt(64))
                .memory(MemorySize.mib(1L << random.nextInt(22)))
                .disk(DiskSize.gib(random.nextInt(500)))
                .extraSpec("trait:HW_CPU_X86_AVX2", "required");
        extraSpecs(random).forEach(flavor::extraSpec);
        Map<String, String> properties = switch (random.nextInt(4)) {
            case 0 -> Map.of(Image.ARCHITECTURE, "x86_64");
            case 1 -> Map.of(Image.ARCHITECTURE, "aarch64", "img_hv_type", "kvm");
            case 2 -> Map.of("img_hv_type", "xen", "os_distro", "debian");
            default -> Map.of();
        };
        Image image = new Image(
                new ImageId(uuid(random)),
                "image",
                DiskFormat.QCOW2,
                1L << 20,
                DiskSize.gib(1),
                "0".repeat(64),
                MemorySize.ZERO,
                DiskSize.ZERO,
                properties,
                Instant.EPOCH);
        return PlacementRequest.builder(
                        new InstanceId(uuid(random)),
                        ProjectId.of("project-" + random.nextInt(3)),
                        flavor.build(),
                        image)
                .rootDisk(DiskSize.gib(1 + random.nextInt(500)))
                .zone(random.nextBoolean() ? Optional.empty() : Optional.of(zone(random)))
                .metadata(Map.of("k", "v"))
                .build();
    }

    /** Of each kind that filters understand, and what they have to bear. */
    private static Map<String, String> extraSpecs(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> Map.of("ssd", "true");
            case 1 -> Map.of("capabilities:hypervisor_type", "<or> kvm <or> qemu");
            case 2 -> Map.of("capabilities:no_such_attribute", "1", "num_instances", "<= 10");
            case 3 -> Map.of("aggregate_instance_extra_specs:ssd", "<in> rue");
            case 4 -> Map.of("free_ram_mb", ">= none", "ssd", "<or>");
            default -> Map.of();
        };
    }

    private static Map<String, Map<String, String>> aggregates(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> Map.of("rack-1", Map.of("ssd", "true, nvme"), "rack-2", Map.of());
            case 1 ->
                Map.of("few", Map.of("max_instances_per_host", "3"), "none", Map.of("max_instances_per_host", "?"));
            case 2 -> Map.of("ours", Map.of("filter_tenant_id", "project-1", "filter_tenant_id2", "project-2"));
            case 3 -> Map.of("sizes", Map.of("instance_type", "flavor-0,flavor-1", "os_distro", "debian"));
            case 4 -> Map.of("odd", Map.of("instance_type", "", "filter_tenant_id", ",", "img_hv_type", " "));
            default -> Map.of();
        };
    }

    private static HostView host(Random random, int i) {
        boolean huge = i % 20 == 0;
        HostInventory inventory = new HostInventory(
                "node" + i,
                random.nextInt(5) == 0 ? "aarch64" : "x86_64",
                List.of("kvm", "qemu", "xen", "sim").get(random.nextInt(4)),
                "7.2.22",
                huge ? Integer.MAX_VALUE : 1 + random.nextInt(256),
                new MemorySize(huge ? Long.MAX_VALUE : (1L << 30) * (1 + random.nextInt(512))),
                new DiskSize(huge ? Long.MAX_VALUE : (1L << 30) * random.nextInt(4096)),
                Set.of("PAUSE", "LIVE_MIGRATION"));
        // Empty hosts are where a weigher that divides by what is used comes to grief.
        HostUsage usage = i % 7 == 0
                ? new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO)
                : new HostUsage(
                        random.nextInt(20),
                        random.nextInt(512),
                        MemorySize.gib(random.nextInt(600)),
                        DiskSize.gib(random.nextInt(5000)));
        return HostView.builder(HostId.of("node" + i), inventory)
                .state(random.nextInt(6) == 0 ? HostState.DOWN : HostState.UP)
                .disabled(random.nextInt(6) == 0 ? Optional.of("maintenance") : Optional.empty())
                .ratios(new AllocationRatios(
                        0.5 + random.nextInt(16), 1.0 + random.nextInt(2), 0.5 + random.nextInt(3)))
                .usage(usage)
                .zone(zone(random))
                .aggregates(aggregates(random))
                .traits(i % 3 == 0 ? Set.of() : Set.of("HW_CPU_X86_AVX2"))
                .ioOps(i % 11)
                .failedBuilds(i % 5 == 0 ? i / 16.0 : 0)
                .address(addresses().get(i % addresses().size()))
                .build();
    }

    private static List<Optional<String>> addresses() {
        return List.of(Optional.empty(), Optional.of("10.1.2.3"), Optional.of("2001:db8::7"));
    }

    private static String zone(Random random) {
        return random.nextBoolean() ? "default" : "zone-1";
    }

    private static UUID uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
