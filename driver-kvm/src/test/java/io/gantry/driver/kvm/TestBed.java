package io.gantry.driver.kvm;

import io.gantry.error.ComputeException;
import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.topology.GuestLayout;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A driver connected to the lab's hosts, with storage directories of its own; removes its guests in the end. */
final class TestBed implements AutoCloseable {
    static final Duration BOOT = Duration.ofMinutes(1);
    static final MigrationTuning FAST = new MigrationTuning(Duration.ofMillis(500), new Bandwidth(0));

    private final Lab lab;
    private final List<Path> storage = new ArrayList<>();
    private final KvmDriver driver = KvmDriver.create();
    private final LabImages images;
    private final List<HostConnection> hosts = new ArrayList<>();
    private final List<Recorder> recorders = new ArrayList<>();
    private final List<InstanceId> guests = new ArrayList<>();
    private final Map<String, String> properties;

    TestBed(Lab lab) {
        this(lab, Map.of(HostProperties.DEADLINE_CALL, "PT5S"));
    }

    TestBed(Lab lab, Map<String, String> properties) {
        this(lab, properties, lab.newDirectory("driver"), null);
    }

    /** Two hosts that share no storage. */
    static TestBed apart(Lab lab) {
        return new TestBed(
                lab,
                Map.of(HostProperties.DEADLINE_CALL, "PT5S", HostProperties.STORAGE_ID, ""),
                lab.newDirectory("apart"),
                lab.newDirectory("apart"));
    }

    private TestBed(Lab lab, Map<String, String> properties, Path first, @Nullable Path second) {
        this.lab = lab;
        this.properties = properties;
        this.storage.add(first);
        this.storage.add(second == null ? first : second);
        this.images = LabImages.of(lab);
        connect(1);
        connect(2);
    }

    private void connect(int n) {
        Recorder recorder = new Recorder();
        recorders.add(recorder);
        hosts.add(driver.connect(LabHosts.endpoint(lab, n, storage.get(n - 1), properties), recorder));
    }

    KvmDriver driver() {
        return driver;
    }

    Path storage() {
        return storage(1);
    }

    Path storage(int n) {
        return storage.get(n - 1);
    }

    Lab lab() {
        return lab;
    }

    GuestDisks disks(int n) {
        return host(n).disks().orElseThrow();
    }

    /** {@return the same host through a driver of its own, as after a restart of the engine} */
    HostConnection anew(KvmDriver other, int n) {
        return other.connect(LabHosts.endpoint(lab, n, storage(n), properties), new Recorder());
    }

    LabImages images() {
        return images;
    }

    HostConnection host(int n) {
        return hosts.get(n - 1);
    }

    Recorder recorder(int n) {
        return recorders.get(n - 1);
    }

    MigrationSource source(int n) {
        return host(n).migrationSource().orElseThrow();
    }

    MigrationTarget target(int n) {
        return host(n).migrationTarget().orElseThrow();
    }

    static CallContext context() {
        return context(1);
    }

    static CallContext context(long epoch) {
        return new CallContext(OperationId.random(), epoch, Duration.ofMinutes(1));
    }

    void cacheImages(int n) {
        try {
            for (LabImages.FileImage image : images.all()) {
                host(n).cacheImage(context(), image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GuestSpec spec(InstanceId id, String words) {
        return spec(id, words, 1, 96, LabImages.DISK);
    }

    GuestSpec spec(InstanceId id, String words, int vcpus, int mib, DiskSize disk) {
        return spec(id, words, vcpus, mib, disk, GuestLayout.ANYWHERE);
    }

    GuestSpec spec(InstanceId id, String words, int vcpus, int mib, DiskSize disk, GuestLayout layout) {
        return GuestSpec.builder(
                        id,
                        "a <b>&\"name'\u0007 ünï ]]>",
                        Flavor.builder("test")
                                .vcpus(vcpus)
                                .memory(MemorySize.mib(mib))
                                .build(),
                        images.disk().image())
                .rootDisk(disk)
                .layout(layout)
                .directBoot(boot("lab.name=guest " + words))
                .build();
    }

    GuestSpec.DirectBoot boot(String words) {
        return new GuestSpec.DirectBoot(
                images.kernel().image(), images.ramdisk().image(), lab.kernelCommandLine() + " " + words);
    }

    /** Has a guest removed in the end that was not made by {@link #create}. */
    InstanceId keep(InstanceId id) {
        guests.add(id);
        return id;
    }

    InstanceId create(int n, String words) {
        cacheImages(n);
        InstanceId id = InstanceId.random();
        guests.add(id);
        host(n).createGuest(context(), spec(id, words));
        return id;
    }

    /** A guest that has booted. */
    InstanceId boot(int n, String words) {
        InstanceId id = create(n, words);
        start(n, id);
        return id;
    }

    /** {@return the first heartbeat of a guest that was off} */
    Heartbeat start(int n, InstanceId id) {
        try (LabGuest console = console(n, id)) {
            host(n).startGuest(context(), id);
            return console.awaitHeartbeat(BOOT);
        }
    }

    LabGuest console(int n, InstanceId id) {
        return new LabGuest(storage(n).resolve("instances/" + id + ".console.log"), lab.host(n), id.value());
    }

    /** {@return a heartbeat of a guest whose disk counter is that high} */
    static Heartbeat awaitCount(LabGuest guest, long count) {
        Heartbeat beat = guest.awaitHeartbeat(BOOT);
        while (beat.diskCount() < count) {
            beat = guest.awaitHeartbeat(BOOT);
        }
        return beat;
    }

    PowerState power(int n, InstanceId id) {
        return host(n).guest(id).map(GuestState::power).orElseThrow();
    }

    /** What of a guest is in its directory. */
    List<String> files(InstanceId id) {
        return files(1, id);
    }

    /** What of a guest is in a host's directory. */
    List<String> files(int n, InstanceId id) {
        try (Stream<Path> files = Files.list(storage(n).resolve("instances"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(id.toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    MigrationJob migrate(int from, int to, InstanceId id, MigrationTuning tuning) {
        MigrationOffer offer = source(from).offer(id);
        return source(from).start(context(), offer, target(to).prepare(context(), offer), tuning);
    }

    static void eventually(String what, Duration timeout, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + timeout + ": " + what);
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        for (HostConnection host : hosts) {
            for (InstanceId id : guests) {
                try {
                    host.deleteGuest(context(Long.MAX_VALUE), id);
                } catch (ComputeException e) {
                    System.err.println("guest " + id + " stays: " + e);
                }
            }
        }
        hosts.forEach(HostConnection::close);
        driver.close();
    }
}
