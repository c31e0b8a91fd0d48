package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.driver.kvm.KvmDriver;
import io.gantry.error.ComputeException;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.LabHost;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An engine over the lab's hosts, which share one storage directory; takes its instances along when it closes. */
final class LabEngine implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    static final String FLAVOR = "lab";

    private final Lab lab;
    private final int hosts;
    private final Path storage;
    private final Path images;
    private final Compute compute;
    private final ImageId kernel;
    private final ImageId ramdisk;
    private final List<LabGuest> guests = new ArrayList<>();

    private LabEngine(Lab lab, int hosts) {
        this.lab = lab;
        this.hosts = hosts;
        this.storage = lab.newDirectory("storage-" + UUID.randomUUID());
        this.images = lab.newDirectory("images-" + UUID.randomUUID());
        try {
            this.compute = ComputeEngine.builder()
                    .driver(KvmDriver.create())
                    .imageStore(LocalDirectoryImageStore.open(images))
                    .filters(SchedulerDefaults.filters())
                    .weighers(SchedulerDefaults.weighers())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        IntStream.rangeClosed(1, hosts).forEach(n -> compute.hosts().register(spec(n, "shared")));
        this.kernel = importFile("kernel", DiskFormat.AKI, lab.kernel());
        this.ramdisk = importFile("ramdisk", DiskFormat.ARI, lab.initrd());
        compute.flavors()
                .create(Flavor.builder(FLAVOR).memory(MemorySize.mib(96)).build());
    }

    /** Registers the first hosts of the lab. */
    static LabEngine over(Lab lab, int hosts) {
        return new LabEngine(lab, hosts);
    }

    /** A host of the lab as the engine is to know it. */
    HostSpec spec(int n, String storageId) {
        LabHost host = lab.host(n);
        return HostSpec.builder(host.name())
                .driver("kvm")
                .connection(host.uri())
                .property("storage.directory", storage.toString())
                .property("storage.id", storageId)
                .property("emulator", lab.emulator().toString())
                .property("tcg.migration-safe", "true")
                .property("migration.uri", host.peerUri())
                .property("migration.address", host.migrationAddress())
                .property("deadline.call", CALL_DEADLINE.toString())
                .build();
    }

    Compute compute() {
        return compute;
    }

    Lab lab() {
        return lab;
    }

    /** Imports the lab's guest with further words on its kernel's command line. */
    ImageId image(String words) {
        ImageSpec spec = ImageSpec.builder("lab " + words, DiskFormat.QCOW2)
                .directBoot(kernel, ramdisk, lab.kernelCommandLine() + " " + words)
                .build();
        return compute.images()
                .importFile(spec, lab.baseImage())
                .await(PATIENCE)
                .id();
    }

    ImageId importFile(String name, DiskFormat format, Path file) {
        return compute.images()
                .importFile(ImageSpec.builder(name, format).build(), file)
                .await(PATIENCE)
                .id();
    }

    /** Creates an instance and waits for its guest's first heartbeat. */
    Instance boot(String name, String words) {
        return boot(
                InstanceSpec.builder(name).flavor(FLAVOR).image(image(words)).build());
    }

    /** As {@link #boot(String, String)}, on one host. */
    Instance bootOn(int n, String name, String words) {
        return boot(InstanceSpec.builder(name)
                .flavor(FLAVOR)
                .image(image(words))
                .host(hostId(n))
                .build());
    }

    private Instance boot(InstanceSpec spec) {
        Instance instance = compute.instances().create(spec).await(PATIENCE);
        guest(instance).awaitHeartbeat(PATIENCE);
        return instance;
    }

    /** Talks to an instance's guest where the instance is now. */
    LabGuest guest(Instance instance) {
        LabGuest guest = new LabGuest(
                consoleLog(instance.id()), labHost(instance), instance.id().value());
        guests.add(guest);
        return guest;
    }

    Path consoleLog(InstanceId id) {
        return storage.resolve("instances").resolve(id + ".console.log");
    }

    HostId hostId(int n) {
        return HostId.of(lab.host(n).name());
    }

    LabHost labHost(Instance instance) {
        String name = instance.host().orElseThrow().value();
        return IntStream.rangeClosed(1, hosts)
                .mapToObj(lab::host)
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Instance get(Instance instance) {
        return compute.instances().get(instance.id());
    }

    /** The hosts whose libvirt has a running domain for this instance. */
    List<String> runningOn(InstanceId id) {
        return IntStream.rangeClosed(1, hosts)
                .mapToObj(lab::host)
                .filter(host -> lab.exec(host, "virsh", "-q", "list", "--uuid", "--state-running")
                        .contains(id.toString()))
                .map(LabHost::name)
                .toList();
    }

    /** The hosts whose libvirt knows a domain for this instance, in whatever state. */
    List<String> definedOn(InstanceId id) {
        return IntStream.rangeClosed(1, hosts)
                .mapToObj(lab::host)
                .filter(host ->
                        lab.exec(host, "virsh", "-q", "list", "--all", "--uuid").contains(id.toString()))
                .map(LabHost::name)
                .toList();
    }

    /** Files below the storage directory that belong to an instance. */
    List<Path> filesOf(InstanceId id) {
        try (Stream<Path> files = Files.walk(storage)) {
            return files.filter(file -> file.getFileName().toString().contains(id.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for something to become true. */
    static void await(String what, Duration timeout, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + timeout + ": " + what);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while waiting: " + what, e);
            }
        }
    }

    /** Brings every host back to life and deletes every instance. */
    @Override
    public void close() throws IOException {
        guests.forEach(LabGuest::close);
        try (compute) {
            compute.runningOperations().forEach(operation -> {
                try {
                    operation.await(PATIENCE);
                } catch (ComputeException e) {
                    // The test has looked at the operations that it cares for.
                    System.err.println("An operation ended with the test: " + e.getMessage());
                }
            });
            for (Instance left : compute.instances().list()) {
                compute.instances().delete(left.id()).await(PATIENCE);
                assertEquals(List.of(), filesOf(left.id()), "files of a deleted instance");
                assertEquals(List.of(), definedOn(left.id()), "domains of a deleted instance");
            }
        }
        remove(storage);
        remove(images);
    }

    private static void remove(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }
}
