package io.gantry.jmh.packing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Recorded requests: the same ones for the same seed. */
enum Trace {
    /** Each shape as often as any other, from 1 to 16 vCPUs with 1 to 8 GiB of memory for each. */
    UNIFORM,

    /** Pareto with exponent 1.2: most are tiny, a few fill half a host. */
    HEAVY_TAILED;

    private static final int[] GIB_PER_VCPU = {1, 2, 4, 8};
    private static final int[] DISK_PER_VCPU = {10, 20, 50};

    private Size draw(Random random) {
        return switch (this) {
            case UNIFORM -> shape(random, 1 << random.nextInt(5));
            case HEAVY_TAILED -> shape(random, (int) Math.min(32, Math.pow(1 - random.nextDouble(), -1 / 1.2)));
        };
    }

    private static Size shape(Random random, int vcpus) {
        return new Size(
                vcpus,
                vcpus * GIB_PER_VCPU[random.nextInt(GIB_PER_VCPU.length)],
                vcpus * DISK_PER_VCPU[random.nextInt(DISK_PER_VCPU.length)]);
    }

    List<Size> requests(long seed, int count) {
        Random random = new Random(seed);
        List<Size> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(draw(random));
        }
        return requests;
    }
}
