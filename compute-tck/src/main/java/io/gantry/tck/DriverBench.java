package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.flavor.Flavor;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.ConfigDrive;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.topology.GuestLayout;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The plumbing of the driver contract: connections, guests to remove afterwards, and waiting. */
final class DriverBench {
    static final ConfigDrive CONFIG_DRIVE = configDrive(2, "of the contract ");

    private static final Duration POLL = Duration.ofMillis(20);
    private static final long CLEAN_UP = 1_000_000;
    private static final long MORE_MEMORY_MIB = 32;
    private static final long MORE_DISK_MIB = 8;

    private final DriverFixture fixture;
    private final List<Host> hosts = new ArrayList<>();
    private final Queue<InstanceId> made = new ConcurrentLinkedQueue<>();
    private boolean marks;

    /** A connected host. */
    record Host(HostEndpoint endpoint, HostConnection connection, RecordingListener listener) {}

    DriverBench(DriverFixture fixture) {
        this.fixture = fixture;
        for (HostEndpoint endpoint : fixture.hosts()) {
            RecordingListener listener = new RecordingListener();
            hosts.add(new Host(endpoint, fixture.driver().connect(endpoint, listener), listener));
        }
    }

    DriverFixture fixture() {
        return fixture;
    }

    Host host() {
        return hosts.get(0);
    }

    /** The second host; skips the test unless the driver migrates. */
    Host target() {
        need(DriverCapability.LIVE_MIGRATION);
        assertTrue(hosts.size() >= 2, "a fixture of a driver that migrates has two hosts");
        return hosts.get(1);
    }

    HostConnection connection() {
        return host().connection();
    }

    boolean can(DriverCapability capability) {
        return fixture.capabilities().contains(capability);
    }

    void need(DriverCapability capability) {
        assumeTrue(can(capability), () -> "the driver has no " + capability);
    }

    /** Another operation each time, of the lowest epoch. */
    CallContext context() {
        return context(OperationId.random(), 1);
    }

    CallContext context(OperationId operation, long epoch) {
        return new CallContext(operation, epoch, scaled(60));
    }

    /** Another operation, which no guest of a test has met a higher epoch than. */
    private CallContext cleanUp() {
        return context(OperationId.random(), CLEAN_UP);
    }

    Duration scaled(long seconds) {
        return Duration.ofMillis((long) (seconds * 1000 * fixture.timeoutScale()));
    }

    GuestSpec spec(InstanceId id) {
        return spec(id, fixture.flavor(), rootDisk());
    }

    /** The specification of a guest with more memory and a larger disk. */
    GuestSpec largerSpec(InstanceId id) {
        Flavor flavor = fixture.flavor();
        MemorySize memory = MemorySize.mib(flavor.memory().toMib() + MORE_MEMORY_MIB);
        return spec(
                id,
                flavor.toBuilder().memory(memory).build(),
                DiskSize.mib(rootDisk().toMib() + MORE_DISK_MIB));
    }

    private DiskSize rootDisk() {
        DiskSize least = fixture.image().image().virtualSize();
        return fixture.flavor().disk().compareTo(least) > 0 ? fixture.flavor().disk() : least;
    }

    private GuestSpec spec(InstanceId id, Flavor flavor, DiskSize rootDisk) {
        return guest(id, flavor, fixture.image().image())
                .rootDisk(rootDisk)
                .configDrive(CONFIG_DRIVE)
                .build();
    }

    /** A guest without a config drive. */
    private GuestSpec.Builder guest(InstanceId id, Flavor flavor, Image image) {
        GuestSpec.Builder spec =
                GuestSpec.builder(id, "contract-guest", flavor, image).rootDisk(rootDisk());
        directBoot().ifPresent(spec::directBoot);
        return spec;
    }

    /** The specification of a guest with another config drive, or with none. */
    GuestSpec spec(InstanceId id, Optional<ConfigDrive> drive) {
        GuestSpec.Builder spec = guest(id, fixture.flavor(), fixture.image().image());
        drive.ifPresent(spec::configDrive);
        return spec.build();
    }

    /** The specification of a guest that is laid out on its host. */
    GuestSpec spec(InstanceId id, GuestLayout layout) {
        return guest(id, fixture.flavor(), fixture.image().image())
                .layout(layout)
                .build();
    }

    /** A config drive; what it holds is the guest's business, not the driver's. */
    static ConfigDrive configDrive(int sectors, String content) {
        byte[] image = new byte[sectors * 2048];
        byte[] text = content.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < image.length; i++) {
            image[i] = text[i % text.length];
        }
        return new ConfigDrive(image);
    }

    /** Checks which config drive a guest sees, if the fixture can. */
    void assertConfigDrive(Host host, InstanceId id, Optional<ConfigDrive> expected, String why) throws Exception {
        try {
            Optional<ConfigDrive> seen =
                    fixture.configDrive(host.endpoint(), id).map(ConfigDrive::new);
            assertEquals(expected, seen, why);
        } catch (UnsupportedOperationException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    RescueSpec rescueSpec(InstanceId id) {
        return new RescueSpec(id, fixture.image().image(), directBoot());
    }

    private Optional<GuestSpec.DirectBoot> directBoot() {
        return fixture.kernel()
                .map(kernel -> new GuestSpec.DirectBoot(
                        kernel.kernel().image(), kernel.ramdisk().image(), kernel.commandLine()));
    }

    /** The disks of the first host; skips the test without them. */
    GuestDisks disks() {
        need(DriverCapability.DISKS);
        return disks(host());
    }

    static GuestDisks disks(Host host) {
        return host.connection().disks().orElseThrow(() -> new AssertionError("it has no disks()"));
    }

    /** What a host's storage has of one guest. */
    static Set<GuestDisk> disks(Host host, InstanceId id) {
        return disks(host).list().stream()
                .filter(disk -> disk.instance().equals(id))
                .collect(Collectors.toSet());
    }

    /** The last host: the second one if there are two. */
    Host lastHost() {
        return hosts.get(hosts.size() - 1);
    }

    /** Marks the disk of a guest that is off, if the fixture can. */
    void mark(Host host, InstanceId id, long mark) throws Exception {
        marks = fixture.writeDiskMark(host.endpoint(), id, mark);
    }

    /** Looks whether the disk of a guest that is off has a mark, if the fixture could make marks. */
    void assertMark(Host host, InstanceId id, long expected, String why) throws Exception {
        if (marks) {
            assertEquals(OptionalLong.of(expected), fixture.readDiskMark(host.endpoint(), id), why);
        }
    }

    void assertNoMark(Host host, InstanceId id, long unexpected, String why) throws Exception {
        if (marks) {
            assertNotEquals(OptionalLong.of(unexpected), fixture.readDiskMark(host.endpoint(), id), why);
        }
    }

    void cacheImages(HostConnection connection) {
        try {
            connection.cacheImage(context(), fixture.image());
            if (fixture.kernel().isPresent()) {
                connection.cacheImage(context(), fixture.kernel().get().kernel());
                connection.cacheImage(context(), fixture.kernel().get().ramdisk());
            }
        } catch (IOException e) {
            throw new AssertionError("the image could not be cached: " + e, e);
        }
    }

    /** A guest on the first host, powered off. */
    InstanceId created() {
        InstanceId id = newId();
        cacheImages(connection());
        connection().createGuest(context(), spec(id));
        return id;
    }

    /** A guest on the first host, running, whose image says whether it has an agent. */
    InstanceId running(boolean agent) {
        InstanceId id = newId();
        cacheImages(connection());
        Image plain = fixture.image().image();
        Map<String, String> properties = new HashMap<>(plain.properties());
        properties.put(Image.HW_QEMU_GUEST_AGENT, agent ? "yes" : "no");
        Image image = new Image(
                plain.id(),
                plain.name(),
                plain.format(),
                plain.size(),
                plain.virtualSize(),
                plain.checksum(),
                plain.minMemory(),
                plain.minDisk(),
                properties,
                plain.createdAt());
        connection().createGuest(context(), guest(id, fixture.flavor(), image).build());
        connection().startGuest(context(), id);
        awaitPower(host(), id, PowerState.RUNNING);
        return id;
    }

    /** A guest on the first host, running. */
    InstanceId running() {
        InstanceId id = created();
        connection().startGuest(context(), id);
        awaitPower(host(), id, PowerState.RUNNING);
        return id;
    }

    /** An id whose guest is removed after the test. */
    InstanceId newId() {
        InstanceId id = InstanceId.random();
        made.add(id);
        return id;
    }

    /** The test has removed the guest itself. */
    void forget(InstanceId id) {
        made.remove(id);
    }

    static PowerState power(Host host, InstanceId id) {
        return host.connection()
                .guest(id)
                .map(GuestState::power)
                .orElseThrow(() -> new AssertionError("host " + host.endpoint().host() + " has no guest " + id));
    }

    static void assertPower(Host host, InstanceId id, PowerState expected) {
        assertEquals(
                expected, power(host, id), () -> "on host " + host.endpoint().host());
    }

    void awaitPower(Host host, InstanceId id, PowerState expected) {
        eventually(10, () -> power(host, id) == expected, () -> "guest is " + power(host, id) + ", not " + expected);
    }

    void awaitEvents(Host host, InstanceId id, GuestEvent.Kind... kinds) {
        if (can(DriverCapability.EVENTS)) {
            eventually(
                    5,
                    () -> host.listener().saw(id, kinds),
                    () -> "no events " + List.of(kinds) + " in " + host.listener());
        }
    }

    void eventually(long seconds, BooleanSupplier condition, Supplier<String> problem) {
        long end = System.nanoTime() + scaled(seconds).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("within " + scaled(seconds) + ": " + problem.get());
            }
            pause();
        }
    }

    static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Removes what the test made, everywhere, whatever of it fails; and looks at the listeners. */
    void close() throws Exception {
        List<Callable<Void>> steps = new ArrayList<>();
        for (Host host : hosts) {
            for (InstanceId id : made) {
                steps.add(() -> {
                    host.connection().deleteGuest(cleanUp(), id);
                    return null;
                });
            }
            steps.add(() -> {
                assertNull(host.listener().violation());
                host.connection().close();
                return null;
            });
        }
        steps.add(() -> {
            fixture.close();
            return null;
        });
        Throwables.runAll(steps);
    }
}
