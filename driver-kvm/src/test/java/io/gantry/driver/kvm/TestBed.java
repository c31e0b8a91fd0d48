package io.gantry.driver.kvm;

import io.gantry.error.ComputeException;
import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.unit.Bandwidth;
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

/** A driver connected to the lab's hosts, with a storage directory of its own; removes its guests in the end. */
final class TestBed implements AutoCloseable {
    static final Duration BOOT = Duration.ofMinutes(1);
    static final MigrationTuning FAST = new MigrationTuning(Duration.ofMillis(500), new Bandwidth(0));

    private final Lab lab;
    private final Path storage;
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
        this.lab = lab;
        this.properties = properties;
        this.storage = lab.newDirectory("driver");
        this.images = LabImages.of(lab);
        connect(1);
        connect(2);
    }

    private void connect(int n) {
        Recorder recorder = new Recorder();
        recorders.add(recorder);
        hosts.add(driver.connect(LabHosts.endpoint(lab, n, storage, properties), recorder));
    }

    KvmDriver driver() {
        return driver;
    }

    Path storage() {
        return storage;
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
        return new CallContext(OperationId.random(), 1, Duration.ofMinutes(1));
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
        return GuestSpec.builder(
                        id,
                        "a <b>&\"name'\u0007 ünï ]]>",
                        Flavor.builder("test").memory(MemorySize.mib(96)).build(),
                        images.disk().image())
                .directBoot(new GuestSpec.DirectBoot(
                        images.kernel().image(),
                        images.ramdisk().image(),
                        lab.kernelCommandLine() + " lab.name=guest " + words))
                .build();
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
        host(n).startGuest(context(), id);
        try (LabGuest console = console(n, id)) {
            console.awaitHeartbeat(BOOT);
        }
        return id;
    }

    LabGuest console(int n, InstanceId id) {
        return new LabGuest(storage.resolve("instances/" + id + ".console.log"), lab.host(n), id.value());
    }

    PowerState power(int n, InstanceId id) {
        return host(n).guest(id).map(GuestState::power).orElseThrow();
    }

    /** What of a guest is in its directory. */
    List<String> files(InstanceId id) {
        try (Stream<Path> files = Files.list(storage.resolve("instances"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(id.toString()))
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
                    host.deleteGuest(context(), id);
                } catch (ComputeException e) {
                    System.err.println("guest " + id + " stays: " + e);
                }
            }
        }
        hosts.forEach(HostConnection::close);
        driver.close();
    }
}
