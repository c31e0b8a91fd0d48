package io.gantry.jmh.leak;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.core.store.InMemoryStore;
import io.gantry.driver.sim.SimDriver;
import io.gantry.error.ComputeException;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.Operation;
import io.gantry.placement.NoValidHost;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Creates and deletes instances on simulated hosts, every tenth one too large for any host, and compares what the process
 * holds before and after.
 */
public final class LeakRun {
    private static final int PAIRS = 1_000;
    private static final int WARM_UP = 200;
    private static final int BATCH = 20;
    private static final int TOO_LARGE_EVERY = 10;
    private static final long HEAP_BOUND_KIB = 4 * 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration QUIET = Duration.ofSeconds(7);
    private static final List<String> TABLES = List.of(
            "instance", "claim", "placement", "operation", "token", "action", "tombstone", "leftover", "quota-charge");

    private final InMemoryStore store = InMemoryStore.create();

    private LeakRun() {}

    /** Runs the comparison; exits with 1 if something is left behind. */
    public static void main(String... args) throws IOException, InterruptedException {
        System.exit(new LeakRun().run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("gantry-leak");
        Footprint unopened = Footprint.now();
        Footprint before;
        Footprint after;
        long rows;
        try (Compute compute = ComputeEngine.builder()
                .driver(SimDriver.create())
                .imageStore(LocalDirectoryImageStore.open(directory))
                .stateStore(store)
                .filters(SchedulerDefaults.filters())
                .weighers(SchedulerDefaults.weighers())
                .operationRetention(Duration.ZERO)
                .build()) {
            ImageId image = prepare(compute, directory);
            pairs(compute, image, WARM_UP);
            // Idle threads of the engine's pools end by themselves within seconds.
            Thread.sleep(QUIET.toMillis());
            before = Footprint.now();
            pairs(compute, image, PAIRS);
            Thread.sleep(QUIET.toMillis());
            after = Footprint.now();
            rows = rows();
            compute.images().delete(image);
        }
        long left = leftThreads();
        Footprint closed = Footprint.now();
        long leftFiles = remove(directory);
        return report(unopened, before, after, closed, rows, left, leftFiles);
    }

    private static ImageId prepare(Compute compute, Path directory) throws IOException {
        for (int i = 1; i <= 4; i++) {
            compute.hosts()
                    .register(HostSpec.builder("host-" + i)
                            .driver("sim")
                            .connection("sim://host-" + i + "?vcpus=64&memory-mib=65536&disk-gib=1000")
                            .build());
        }
        MemorySize memory = MemorySize.mib(64);
        compute.flavors()
                .create(Flavor.builder("fits")
                        .memory(memory)
                        .disk(DiskSize.gib(1))
                        .extraSpec("sim:working_set_mib", "1")
                        .extraSpec("sim:dirty_rate_mib", "1")
                        .build());
        compute.flavors()
                .create(Flavor.builder("too-large").vcpus(10_000).memory(memory).build());
        Path file = Files.write(directory.resolve("content"), new byte[1 << 16]);
        ImageId image = compute.images()
                .importFile(ImageSpec.builder("blank", DiskFormat.RAW).build(), file)
                .await(PATIENCE)
                .id();
        Files.delete(file);
        return image;
    }

    private static void pairs(Compute compute, ImageId image, int count) {
        for (int done = 0; done < count; done += BATCH) {
            List<Operation<Instance>> creates = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                boolean tooLarge = (done + i) % TOO_LARGE_EVERY == 0;
                creates.add(compute.instances()
                        .create(InstanceSpec.builder("leak-" + (done + i))
                                .flavor(tooLarge ? "too-large" : "fits")
                                .image(image)
                                .build()));
            }
            creates.forEach(LeakRun::awaitEvenIfTooLarge);
            compute.instances().list().stream()
                    .map(instance -> compute.instances().delete(instance.id()))
                    .toList()
                    .forEach(delete -> delete.await(PATIENCE));
        }
    }

    private static void awaitEvenIfTooLarge(Operation<Instance> create) {
        try {
            create.await(PATIENCE);
        } catch (NoValidHost e) {
            if (e.report().hosts().isEmpty()) {
                throw e;
            }
        } catch (ComputeException e) {
            throw new IllegalStateException("A create failed for another reason than the one it was made for", e);
        }
    }

    private long rows() {
        return store.transact(
                tx -> TABLES.stream().mapToLong(table -> tx.scan(table).size()).sum());
    }

    private static long leftThreads() throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(1).toMillis());
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gantry-"))
                .count();
    }

    private static long remove(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> left = Files.list(directory)) {
            files = left.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(directory);
        return files.size();
    }

    private static boolean report(
            Footprint unopened,
            Footprint before,
            Footprint after,
            Footprint closed,
            long rows,
            long leftThreads,
            long leftFiles) {
        System.out.printf("%-28s %9s %7s %9s %10s%n", "", "threads", "files", "buffers", "heap KiB");
        row("before the engine is opened", unopened);
        row("idle, before " + PAIRS + " pairs", before);
        row("idle, after", after);
        row("engine closed", closed);
        long threads = after.threads() - before.threads();
        long files = after.files() - before.files();
        long buffers = after.buffers() - before.buffers();
        long heap = after.heapKib() - before.heapKib();
        // The journal keeps the last ended operation until the next one ends.
        long leftRows = Math.max(0, rows - 1);
        boolean holds = threads <= 0
                && files <= 0
                && buffers <= 0
                && heap <= HEAP_BOUND_KIB
                && leftRows == 0
                && leftThreads == 0
                && leftFiles == 0;
        System.out.printf(
                Locale.ROOT,
                "leak: %d creates and deletes left %d threads, %d files, %d buffers, %d rows, %d KiB of heap"
                        + " (bound: 0, and %d KiB); closed engine: %d threads, %d image files: %s%n",
                PAIRS,
                Math.max(0, threads),
                Math.max(0, files),
                Math.max(0, buffers),
                leftRows,
                heap,
                HEAP_BOUND_KIB,
                leftThreads,
                leftFiles,
                holds ? "holds" : "DOES NOT HOLD");
        return holds;
    }

    private static void row(String moment, Footprint footprint) {
        System.out.printf(
                "%-28s %9d %7d %9d %10d%n",
                moment, footprint.threads(), footprint.files(), footprint.buffers(), footprint.heapKib());
    }
}
