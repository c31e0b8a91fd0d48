package io.gantry.jmh.packing;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.spi.scheduler.HostView;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Recorded requests, with the hosts for them, without over-commitment: the same ones for the same seed. */
enum Trace {
    /** Each shape as often as any other, from 1 to 16 vCPUs with 1 to 8 GiB of memory for each. */
    UNIFORM,

    /** Pareto with exponent 1.2: most are tiny, a few fill half a host. */
    HEAVY_TAILED,

    /** Guests with dedicated CPUs on one cell or on two, of odd sizes first: see {@link Pinned}. */
    FRAGMENTED_NUMA;

    private static final int[] GIB_PER_VCPU = {1, 2, 4, 8};
    private static final int[] DISK_PER_VCPU = {10, 20, 50};

    private static final Size SMALL_HOST = new Size(32, 128, 1_000);
    private static final int SMALL_HOSTS = 4;
    private static final int SMALL_REQUESTS = 40;

    private static final List<Size> LARGE_SIZES =
            List.of(new Size(32, 128, 1_000), new Size(64, 256, 2_000), new Size(96, 512, 3_000));
    private static final int LARGE_HOSTS_OF_EACH = 100;
    private static final int LARGE_REQUESTS = 20_000;

    /** {@return a case of which the optimum can be found} */
    Case small(long seed) {
        return this == FRAGMENTED_NUMA
                ? Pinned.small(seed)
                : sizes(Collections.nCopies(SMALL_HOSTS, SMALL_HOST), requests(seed, SMALL_REQUESTS));
    }

    /** {@return a case with hosts of several sizes, with too many requests for them} */
    Case large(long seed) {
        if (this == FRAGMENTED_NUMA) {
            return Pinned.large(seed);
        }
        List<Size> hosts = new ArrayList<>();
        for (int i = 0; i < LARGE_HOSTS_OF_EACH; i++) {
            hosts.addAll(LARGE_SIZES);
        }
        return sizes(hosts, requests(seed, LARGE_REQUESTS));
    }

    private static Case sizes(List<Size> hosts, List<Size> requests) {
        List<HostView> views = new ArrayList<>();
        for (Size host : hosts) {
            String name = String.format("host-%05d", views.size());
            views.add(HostView.builder(
                            HostId.of(name),
                            new HostInventory(
                                    name,
                                    "x86_64",
                                    "sim",
                                    "1",
                                    host.vcpus(),
                                    MemorySize.gib(host.memory()),
                                    DiskSize.gib(host.disk()),
                                    Set.of()))
                    .build());
        }
        List<Flavor> flavors = requests.stream()
                .map(size -> Flavor.builder("flavor")
                        .vcpus(size.vcpus())
                        .memory(MemorySize.gib(size.memory()))
                        .disk(DiskSize.gib(size.disk()))
                        .build())
                .toList();
        return new Case(views, flavors, () -> Optimum.of(hosts, requests));
    }

    private Size draw(Random random) {
        int vcpus = this == UNIFORM
                ? 1 << random.nextInt(5)
                : (int) Math.min(32, Math.pow(1 - random.nextDouble(), -1 / 1.2));
        return new Size(
                vcpus,
                vcpus * GIB_PER_VCPU[random.nextInt(GIB_PER_VCPU.length)],
                vcpus * DISK_PER_VCPU[random.nextInt(DISK_PER_VCPU.length)]);
    }

    private List<Size> requests(long seed, int count) {
        Random random = new Random(seed);
        List<Size> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(draw(random));
        }
        return requests;
    }
}
