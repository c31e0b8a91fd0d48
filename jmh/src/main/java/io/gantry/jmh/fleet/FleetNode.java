package io.gantry.jmh.fleet;

import io.gantry.Compute;
import io.gantry.audit.Audit;
import io.gantry.core.ComputeEngine;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.error.ComputeException;
import io.gantry.host.HostState;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.jmh.remote.RemoteSimDriver;
import io.gantry.operation.Operation;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.store.jdbc.JdbcStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** A control node in a process of its own, which does what it is told by lines, until its input ends. */
public final class FleetNode {
    private static final int REGISTRARS = 8;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Compute compute;
    private final Contention store;
    private final Stopwatch stopwatch;
    private final Path directory;
    private volatile boolean stopped;

    private FleetNode(Compute compute, Contention store, Stopwatch stopwatch, Path directory) {
        this.compute = compute;
        this.store = store;
        this.stopwatch = stopwatch;
        this.directory = directory;
    }

    /** Arguments: the fleet's port, the database's URL, this node's name, the images' directory. */
    public static void main(String... args) throws IOException {
        Contention store = new Contention(JdbcStore.postgres(args[1], "postgres", "postgres"));
        Stopwatch stopwatch = new Stopwatch();
        Path directory = Path.of(args[3]);
        Compute compute = ComputeEngine.builder()
                .node(args[2])
                .lease(Plan.LEASE)
                .driver(RemoteSimDriver.of(Integer.parseInt(args[0])))
                .stateStore(store)
                .imageStore(LocalDirectoryImageStore.open(directory.resolve("images")))
                .filters(SchedulerDefaults.filters())
                .weighers(SchedulerDefaults.weighers())
                .hostSubsetSize(Plan.SUBSET)
                .probe(stopwatch)
                .build();
        say("OPEN");
        FleetNode node = new FleetNode(compute, store, stopwatch, directory);
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                node.obey(line.split("\t", -1));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static synchronized void say(String... words) {
        System.out.println(String.join("\t", words).replace('\n', ' '));
        System.out.flush();
    }

    private void obey(String... order) throws IOException {
        try {
            switch (order[0]) {
                case "FURNISH" -> furnish();
                case "REGISTER" -> register(Integer.parseInt(order[1]), Integer.parseInt(order[2]));
                case "MEET" -> meet(Integer.parseInt(order[1]));
                case "CREATE" ->
                    create(Integer.parseInt(order[1]), Integer.parseInt(order[2]), Integer.parseInt(order[3]));
                case "STOP" -> stopped = true;
                case "COUNT" -> say(store.counts().words());
                case "WEIGH" -> weigh();
                case "AUDIT" -> audit();
                default -> say("WRONG", "unknown order " + order[0]);
            }
        } catch (ComputeException e) {
            say("WRONG", order[0] + ": " + e);
        }
    }

    private void furnish() throws IOException {
        Plan.flavors().forEach(compute.flavors()::create);
        Path content = Files.write(directory.resolve("content"), new byte[1 << 16]);
        compute.images()
                .importFile(ImageSpec.builder(Plan.IMAGE, DiskFormat.RAW).build(), content)
                .await(Plan.PATIENCE);
        say("FURNISHED");
    }

    private void register(int from, int to) {
        each(from, to, REGISTRARS, () -> false, number -> compute.hosts().register(Plan.host(number)));
        say("REGISTERED");
    }

    /** Waits until this node is connected to so many hosts. */
    private void meet(int hosts) {
        while (compute.hosts().list().stream()
                        .filter(host -> host.state() == HostState.UP)
                        .count()
                < hosts) {
            pause();
        }
        say("MET");
    }

    /** Begins to create; says of each create when it was accepted, and how long it took, and at last that all are made. */
    private void create(int from, int to, int callers) {
        ImageId image = compute.images().list().stream()
                .filter(candidate -> candidate.name().equals(Plan.IMAGE))
                .map(Image::id)
                .findFirst()
                .orElseThrow();
        stopped = false;
        Thread all = new Thread(() -> {
            each(from, to, callers, () -> stopped, number -> create(image, number));
            say("CREATED");
        });
        all.setDaemon(true);
        all.start();
    }

    private void create(ImageId image, int number) {
        long asked = System.nanoTime();
        Operation<Instance> operation = compute.as(Plan.caller(number))
                .instances()
                .create(InstanceSpec.builder("vm-" + number)
                        .flavor(Plan.flavor(number))
                        .image(image)
                        .build());
        say("ACCEPTED", operation.id().toString(), operation.resource().id());
        operation.await(Plan.PATIENCE);
        long ended = System.nanoTime();
        stopwatch
                .placed(operation.id())
                .ifPresent(lap -> say(
                        "MADE",
                        Long.toString((lap.end() - lap.begin()) / 1_000),
                        Long.toString((lap.end() - asked) / 1_000),
                        Long.toString((ended - asked) / 1_000)));
    }

    /** Does something for each number until it is told to stop, by several threads. */
    private static void each(int from, int to, int threads, BooleanSupplier stop, IntConsumer work) {
        AtomicInteger next = new AtomicInteger(from);
        CountDownLatch done = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(
                    () -> {
                        for (int number = next.getAndIncrement();
                                number < to && !stop.getAsBoolean();
                                number = next.getAndIncrement()) {
                            try {
                                work.accept(number);
                            } catch (RuntimeException e) {
                                say("WRONG", number + ": " + e);
                            }
                        }
                        done.countDown();
                    },
                    "caller-" + i);
            thread.setDaemon(true);
            all.add(thread);
        }
        all.forEach(Thread::start);
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static void weigh() throws IOException {
        System.gc();
        pause();
        System.gc();
        Runtime memory = Runtime.getRuntime();
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
        say(
                "WEIGHED",
                Long.toString((memory.totalMemory() - memory.freeMemory()) >> 20),
                Long.toString(resident >> 10),
                Integer.toString(Thread.getAllStackTraces().size()));
    }

    private void audit() {
        Audit audit = compute.audit();
        audit.findings().forEach(finding -> say("FINDING", finding.toString()));
        audit.silentHosts().forEach(host -> say("FINDING", "host " + host + " is silent"));
        compute.runningOperations()
                .forEach(operation -> say("FINDING", operation.verb() + " " + operation.id() + " has not ended"));
        say("AUDITED");
    }
}
