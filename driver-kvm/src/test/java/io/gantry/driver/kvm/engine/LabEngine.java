package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.audit.Audit;
import io.gantry.core.ComputeEngine;
import io.gantry.core.ComputeEngineBuilder;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.driver.kvm.KvmDriver;
import io.gantry.error.ComputeException;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.host.HostState;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.LabHost;
import io.gantry.operation.RequestOptions;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An engine over the lab's hosts, with storage directories of their own; takes its instances along when it closes. */
final class LabEngine implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    static final String FLAVOR = "lab";

    private static final String SHARED = "shared";

    private final Lab lab;
    private final List<String> storageIds;
    private final Map<String, Path> storage = new TreeMap<>();
    private final Path images;
    private final Compute compute;
    private final ImageId kernel;
    private final ImageId ramdisk;
    private final ImageId agentRamdisk;
    private final List<LabGuest> guests = new ArrayList<>();

    private LabEngine(Lab lab, List<String> storageIds, UnaryOperator<ComputeEngineBuilder> settings) {
        this.lab = lab;
        this.storageIds = List.copyOf(storageIds);
        this.images = lab.newDirectory("images");
        try {
            this.compute = settings.apply(ComputeEngine.builder()
                            .driver(KvmDriver.create())
                            .imageStore(LocalDirectoryImageStore.open(images))
                            .filters(SchedulerDefaults.filters())
                            .weighers(SchedulerDefaults.weighers()))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hosts().forEach(n -> compute.hosts().register(spec(n, storageIds.get(n - 1))));
        this.kernel = importFile("kernel", DiskFormat.AKI, lab.kernel());
        this.ramdisk = importFile("ramdisk", DiskFormat.ARI, lab.initrd());
        this.agentRamdisk = importFile("agent-ramdisk", DiskFormat.ARI, lab.agentInitrd());
        compute.flavors()
                .create(Flavor.builder(FLAVOR).memory(MemorySize.mib(96)).build());
    }

    /** Registers the first hosts of the lab, which share one storage. */
    static LabEngine over(Lab lab, int hosts) {
        return over(lab, Collections.nCopies(hosts, SHARED), settings -> settings);
    }

    /** Registers as many hosts of the lab as there are ids of storages; those with the same one share it. */
    static LabEngine over(Lab lab, List<String> storageIds, UnaryOperator<ComputeEngineBuilder> settings) {
        return new LabEngine(lab, storageIds, settings);
    }

    private IntStream hosts() {
        return IntStream.rangeClosed(1, storageIds.size());
    }

    /** A host of the lab as the engine is to know it. */
    HostSpec spec(int n, String storageId) {
        return specBuilder(n, storageId).build();
    }

    private HostSpec.Builder specBuilder(int n, String storageId) {
        LabHost host = lab.host(n);
        return HostSpec.builder(host.name())
                .driver("kvm")
                .connection(host.uri())
                .property("storage.directory", directory(storageId).toString())
                .property("storage.id", storageId)
                .property("emulator", lab.emulator().toString())
                .property("tcg.migration-safe", "true")
                .property("migration.uri", host.peerUri())
                .property("migration.address", host.migrationAddress())
                .property("deadline.call", CALL_DEADLINE.toString());
    }

    /** Sets CPUs of a host that has no guests aside for dedicated vCPUs. */
    void dedicate(int n, Set<Integer> cpus) {
        compute.hosts().unregister(hostId(n));
        compute.hosts()
                .register(specBuilder(n, storageIds.get(n - 1))
                        .dedicatedCpus(cpus)
                        .build());
    }

    private Path directory(String storageId) {
        return storage.computeIfAbsent(storageId, id -> lab.newDirectory("storage-" + id));
    }

    Compute compute() {
        return compute;
    }

    Lab lab() {
        return lab;
    }

    /** Imports the lab's guest with further words on its kernel's command line. */
    ImageId image(String words) {
        return image(ImageSpec.builder("lab " + words, DiskFormat.QCOW2)
                .directBoot(kernel, ramdisk, lab.kernelCommandLine() + " " + words)
                .build());
    }

    /** Imports the lab's guest that runs cloud-init, with its CD-ROM on a bus; it needs a flavor of 192 MiB. */
    ImageId cloudInitImage(String cdromBus) {
        ImageId initrd = importFile("cloud-init", DiskFormat.ARI, lab.cloudInitInitrd());
        return image(ImageSpec.builder("cloud-init " + cdromBus, DiskFormat.QCOW2)
                .directBoot(kernel, initrd, lab.kernelCommandLine())
                .property(Image.CDROM_BUS, cdromBus)
                .build());
    }

    private ImageId image(ImageSpec spec) {
        return compute.images()
                .importFile(spec, lab.baseImage())
                .await(PATIENCE)
                .id();
    }

    /**
     * Imports the lab's guest as one that is said to have an agent.
     *
     * @param agent whether it has one
     */
    ImageId agentImage(boolean agent) {
        ImageSpec spec = ImageSpec.builder("agent " + agent, DiskFormat.QCOW2)
                .directBoot(kernel, agent ? agentRamdisk : ramdisk, lab.kernelCommandLine())
                .property(Image.HW_QEMU_GUEST_AGENT, "yes")
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

    Instance boot(InstanceSpec spec) {
        Instance instance = compute.instances().create(spec).await(PATIENCE);
        guest(instance).awaitHeartbeat(PATIENCE);
        return instance;
    }

    /** Talks to an instance's guest where the instance is now. */
    LabGuest guest(Instance instance) {
        int host = number(instance.host().orElseThrow());
        Path instances = directory(storageIds.get(host - 1)).resolve("instances");
        LabGuest guest = new LabGuest(
                instances.resolve(instance.id() + ".console.log"),
                lab.host(host),
                instance.id().value());
        guests.add(guest);
        return guest;
    }

    HostId hostId(int n) {
        return HostId.of(lab.host(n).name());
    }

    LabHost labHost(Instance instance) {
        return labHost(instance.host().orElseThrow());
    }

    LabHost labHost(HostId id) {
        return lab.host(number(id));
    }

    private int number(HostId id) {
        return hosts().filter(n -> hostId(n).equals(id)).findFirst().orElseThrow();
    }

    Instance get(Instance instance) {
        return compute.instances().get(instance.id());
    }

    /** The hosts whose libvirt has a running domain for this instance. */
    List<String> runningOn(InstanceId id) {
        return hosts().mapToObj(lab::host)
                .filter(host -> lab.exec(host, "virsh", "-q", "list", "--uuid", "--state-running")
                        .contains(id.toString()))
                .map(LabHost::name)
                .toList();
    }

    /** The hosts whose libvirt knows a domain for this instance, in whatever state. */
    List<String> definedOn(InstanceId id) {
        return hosts().mapToObj(lab::host)
                .filter(host ->
                        lab.exec(host, "virsh", "-q", "list", "--all", "--uuid").contains(id.toString()))
                .map(LabHost::name)
                .toList();
    }

    /** Files in all storages that belong to an instance. */
    List<Path> filesOf(InstanceId id) {
        return storage.values().stream()
                .flatMap(directory -> filesOf(directory, id).stream())
                .toList();
    }

    /** Files in a host's storage that belong to an instance. */
    List<Path> filesOn(int n, InstanceId id) {
        return filesOf(directory(storageIds.get(n - 1)), id);
    }

    private static List<Path> filesOf(Path directory, InstanceId id) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(id.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the engine sees a host in a state. */
    void awaitHost(int n, HostState state) {
        await(
                lab.host(n).name() + " is " + state,
                PATIENCE,
                () -> compute.hosts().get(hostId(n)).state() == state);
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

    /** Deletes every instance, of which nothing may be left then, and has the engine compare what there is with its records. */
    void clear() {
        guests.forEach(LabGuest::close);
        guests.clear();
        hosts().forEach(this::revive);
        compute.runningOperations().forEach(operation -> {
            try {
                operation.await(PATIENCE);
            } catch (ComputeException e) {
                // The test has looked at the operations that it cares for.
                System.err.println("An operation ended with the test: " + e.getMessage());
            }
        });
        for (Instance left : compute.instances().list()) {
            compute.instances().forceDelete(left.id(), RequestOptions.none()).await(PATIENCE);
            assertEquals(List.of(), filesOf(left.id()), "files of a deleted instance");
            assertEquals(List.of(), definedOn(left.id()), "domains of a deleted instance");
        }
        assertConsistent();
    }

    /** A test that failed may have left a host without power or daemon. */
    private void revive(int n) {
        if (compute.hosts().get(hostId(n)).state() != HostState.UP) {
            lab.powerOn(lab.host(n));
            lab.startLibvirtd(lab.host(n));
            awaitHost(n, HostState.UP);
        }
    }

    /** Compares store, ledger and all hosts. */
    void assertConsistent() {
        Audit audit = compute.audit();
        assertTrue(audit.isEmpty(), audit::toString);
    }

    @Override
    public void close() throws IOException {
        try (compute) {
            clear();
        }
        for (Path directory : storage.values()) {
            remove(directory);
        }
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
