package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.InvalidRequest;
import io.gantry.host.HostInventory;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestEvent.Kind;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HypervisorDriver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link HypervisorDriver} promises. A driver that passes it works with the engine.
 *
 * <p>Subclass it with a {@link DriverFixture}. Tests of capabilities that the fixture does not claim are skipped; that a
 * capability is missing is then tested instead where the API says how a driver refuses.
 */
public abstract class HypervisorDriverContract extends DiskRemovalSpecifications {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private Set<Thread> threadsBefore = Set.of();

    /** Creates the contract. */
    protected HypervisorDriverContract() {}

    /**
     * {@return a new fixture; called before each test, and closed after it}
     *
     * @throws Exception fails the test
     */
    protected abstract DriverFixture newFixture() throws Exception;

    @BeforeEach
    final void connectToTheHosts() throws Exception {
        threadsBefore = Set.copyOf(Thread.getAllStackTraces().keySet());
        open(newFixture());
    }

    @AfterEach
    final void removeWhatTheTestMade() throws Exception {
        bench().close();
    }

    @Test
    @DisplayName("driver: has a lower-case name")
    void driverHasName() {
        String name = bench().fixture().driver().name();
        assertTrue(NAME.matcher(name).matches(), () -> "name '" + name + "'");
        assertEquals(name, bench().fixture().driver().name());
    }

    @Test
    @DisplayName("connect: the inventory is sane and names exactly the expected capabilities")
    void inventoryIsSane() {
        HostInventory inventory = connection().inventory();
        assertFalse(inventory.hostname().isBlank(), "hostname");
        assertFalse(inventory.architecture().isBlank(), "architecture");
        assertFalse(inventory.hypervisorType().isBlank(), "hypervisor type");
        assertFalse(inventory.hypervisorVersion().isBlank(), "hypervisor version");
        assertTrue(inventory.vcpus() >= 1, "vcpus");
        assertTrue(inventory.memory().toMib() >= 1, "memory");
        assertTrue(inventory.disk().toMib() >= 1, "disk");
        assertEquals(
                bench().fixture().capabilities().stream().map(Enum::name).collect(Collectors.toSet()),
                inventory.capabilities());
    }

    @Test
    @DisplayName("connect: an unknown host property is refused by its name")
    void unknownPropertyIsRefused() {
        HostEndpoint known = bench().host().endpoint();
        Map<String, String> properties = new HashMap<>(known.properties());
        properties.put("no-such-property", "1");
        HostEndpoint endpoint = new HostEndpoint(known.host(), known.connection(), properties);
        InvalidRequest refused = assertThrows(
                InvalidRequest.class,
                () -> bench().fixture()
                        .driver()
                        .connect(endpoint, new RecordingListener())
                        .close());
        assertTrue(String.valueOf(refused.getMessage()).contains("no-such-property"), refused::toString);
    }

    @Test
    @DisplayName("create: makes a guest that is off, and does nothing the second time")
    void createIsIdempotent() {
        InstanceId id = bench().created();
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        connection().createGuest(bench().context(), bench().spec(id));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        assertEquals(1, count(id));

        connection().startGuest(bench().context(), id);
        connection().createGuest(bench().context(), bench().spec(id));
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        assertEquals(1, count(id));
    }

    @Test
    @DisplayName("create: an image may be cached again at any time")
    void cachingIsIdempotent() {
        InstanceId id = bench().running();
        bench().cacheImages(connection());
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("start and power off: idempotent, reflected by guest(id) and events")
    void startAndPowerOff() {
        InstanceId id = bench().running();
        bench().awaitEvents(bench().host(), id, Kind.STARTED);
        connection().startGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.RUNNING);

        connection().powerOffGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        bench().awaitEvents(bench().host(), id, Kind.STARTED, Kind.STOPPED);
        connection().powerOffGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);

        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        bench().awaitEvents(bench().host(), id, Kind.STARTED, Kind.STOPPED, Kind.STARTED);
    }

    @Test
    @DisplayName("pause and unpause: idempotent, reflected by guest(id) and events; a paused guest is on")
    void pauseAndUnpause() {
        bench().need(DriverCapability.PAUSE);
        InstanceId id = bench().running();
        connection().pauseGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.PAUSED);
        connection().pauseGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.PAUSED);
        connection().startGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.PAUSED);

        connection().unpauseGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.RUNNING);
        connection().unpauseGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.RUNNING);
        bench().awaitEvents(bench().host(), id, Kind.PAUSED, Kind.RESUMED);
    }

    @Test
    @DisplayName("pause: a guest that is off is refused, and stays off")
    void offGuestIsNotPaused() {
        bench().need(DriverCapability.PAUSE);
        InstanceId id = bench().created();
        assertThrows(ComputeException.class, () -> connection().pauseGuest(bench().context(), id));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
    }

    @Test
    @DisplayName("power off: a paused guest goes off at once")
    void pausedGuestIsPoweredOff() {
        bench().need(DriverCapability.PAUSE);
        InstanceId id = bench().running();
        connection().pauseGuest(bench().context(), id);
        connection().powerOffGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
    }

    @Test
    @DisplayName("request shutdown: the guest goes off; does nothing if it is off")
    void shutdownIsHeard() throws Exception {
        bench().need(DriverCapability.CLEAN_SHUTDOWN);
        InstanceId id = bench().running();
        bench().fixture().awaitBoot(bench().host().endpoint(), id);
        untilDone(
                () -> connection().requestShutdown(bench().context(), id),
                () -> DriverBench.power(bench().host(), id) == PowerState.SHUTDOWN);
        bench().awaitEvents(bench().host(), id, Kind.STARTED, Kind.STOPPED);
        connection().requestShutdown(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
    }

    @Test
    @DisplayName("request reboot: the guest reboots within its process, and says so")
    void rebootIsHeard() throws Exception {
        bench().need(DriverCapability.CLEAN_REBOOT);
        bench().need(DriverCapability.EVENTS);
        InstanceId id = bench().running();
        bench().fixture().awaitBoot(bench().host().endpoint(), id);
        untilDone(
                () -> connection().requestReboot(bench().context(), id),
                () -> bench().host().listener().saw(id, Kind.REBOOTED));
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("delete: removes a guest in any state; twice is fine, and so is one that never was")
    void deleteRemovesEverything() {
        InstanceId off = bench().created();
        InstanceId on = bench().running();
        for (InstanceId id : List.of(off, on)) {
            connection().deleteGuest(bench().context(), id);
            assertTrue(connection().guest(id).isEmpty(), "guest(id) after delete");
            assertEquals(0, count(id), "guests() after delete");
            connection().deleteGuest(bench().context(), id);
        }
        bench().awaitEvents(bench().host(), on, Kind.STARTED, Kind.REMOVED);
        assertDoesNotThrow(() -> connection().deleteGuest(bench().context(), InstanceId.random()));
        // The id is free again: nothing of the old guest is in the new one's way.
        connection().createGuest(bench().context(), bench().spec(on));
        assertPower(bench().host(), on, PowerState.SHUTDOWN);
    }

    @Test
    @DisplayName("unknown guest: every verb says NotFound or, without the capability, Unsupported")
    void unknownGuestIsNotFound() {
        InstanceId id = InstanceId.random();
        HostConnection host = connection();
        assertTrue(host.guest(id).isEmpty());
        assertNotFound(null, () -> host.startGuest(bench().context(), id));
        assertNotFound(null, () -> host.powerOffGuest(bench().context(), id));
        assertNotFound(DriverCapability.PAUSE, () -> host.pauseGuest(bench().context(), id));
        assertNotFound(DriverCapability.PAUSE, () -> host.unpauseGuest(bench().context(), id));
        assertNotFound(DriverCapability.CLEAN_SHUTDOWN, () -> host.requestShutdown(bench().context(), id));
        assertNotFound(DriverCapability.CLEAN_REBOOT, () -> host.requestReboot(bench().context(), id));
        assertNotFound(DriverCapability.CONSOLE_LOG, () -> host.consoleLog(id, 100));
        assertNotFound(DriverCapability.SUSPEND, () -> host.suspendGuest(bench().context(), id));
        assertNotFound(DriverCapability.SUSPEND, () -> host.resumeGuest(bench().context(), id));
        assertNotFound(DriverCapability.RESIZE, () -> host.resizeGuest(bench().context(), bench().spec(id)));
        assertNotFound(DriverCapability.RESCUE, () -> host.rescueGuest(bench().context(), bench().rescueSpec(id)));
        assertNotFound(DriverCapability.RESCUE, () -> host.unrescueGuest(bench().context(), id));
        assertNotFound(DriverCapability.CRASH_DUMP, () -> host.injectNmi(bench().context(), id));
        AdminPassword password = AdminPassword.of("a password");
        assertNotFound(
                DriverCapability.SET_USER_PASSWORD,
                () -> host.setUserPassword(bench().context(), id, "root", password));
        assertNotFound(DriverCapability.DIAGNOSTICS, () -> host.diagnostics(id));
    }

    @Test
    @DisplayName("guests: lists what Gantry made, in every state, and nobody else's")
    void guestsListsOnlyOurs() throws Exception {
        Set<InstanceId> before = ids();
        bench().fixture().makeForeignGuest(bench().host().endpoint());
        assertEquals(before, ids());
        InstanceId off = bench().created();
        InstanceId on = bench().running();
        Set<InstanceId> expected = new HashSet<>(before);
        expected.addAll(List.of(off, on));
        assertEquals(expected, ids());
        assertTrue(connection().guests().contains(connection().guest(off).orElseThrow()));
    }

    @Test
    @DisplayName("crash: seen as CRASHED and STOPPED within 5 seconds; the guest can be started again")
    void crashIsSeen() throws Exception {
        InstanceId id = bench().running();
        assumeTrue(bench().fixture().crash(bench().host().endpoint(), id), "the fixture cannot kill a guest");
        bench().eventually(
                        5,
                        () -> DriverBench.power(bench().host(), id) == PowerState.CRASHED,
                        () -> "guest is " + DriverBench.power(bench().host(), id) + ", not CRASHED");
        bench().awaitEvents(bench().host(), id, Kind.STARTED, Kind.STOPPED);
        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("console log: ends with what the guest wrote last, no longer than asked for")
    void consoleLogIsBounded() {
        bench().need(DriverCapability.CONSOLE_LOG);
        InstanceId id = bench().created();
        assertEquals(0, connection().consoleLog(id, 1000).length, "a guest that never ran wrote nothing");
        connection().startGuest(bench().context(), id);
        bench().eventually(30, () -> connection().consoleLog(id, 65536).length > 32, () -> "no console output");
        assertEquals(16, connection().consoleLog(id, 16).length);
        assertEquals(0, connection().consoleLog(id, 0).length);
    }

    @Test
    @DisplayName("threads: 8 threads create, start and delete guests of their own and the same one")
    void concurrentCreatesAndDeletes() {
        bench().cacheImages(connection());
        InstanceId shared = bench().newId();
        Concurrently.run(thread -> {
            if (thread < bench().fixture().concurrentGuests()) {
                InstanceId own = bench().newId();
                connection().createGuest(bench().context(), bench().spec(own));
                connection().startGuest(bench().context(), own);
                bench().awaitPower(bench().host(), own, PowerState.RUNNING);
                connection().deleteGuest(bench().context(), own);
                assertTrue(connection().guest(own).isEmpty());
            }
            connection().createGuest(bench().context(), bench().spec(shared));
        });
        assertEquals(1, count(shared));
        Concurrently.run(thread -> connection().deleteGuest(bench().context(), shared));
        assertEquals(0, count(shared));
    }

    @Test
    @DisplayName("close: guests keep running, a second connection sees them, and closing twice is fine")
    void guestsSurviveTheConnection() {
        InstanceId id = bench().running();
        connection().close();
        connection().close();
        HostConnection again = bench().fixture().driver().connect(bench().host().endpoint(), new RecordingListener());
        try {
            assertEquals(
                    PowerState.RUNNING, again.guest(id).map(GuestState::power).orElseThrow());
            again.deleteGuest(bench().context(), id);
            bench().forget(id);
        } finally {
            again.close();
        }
    }

    @Test
    @DisplayName("close: the driver leaves no thread behind")
    void closeLeavesNoThread() throws Exception {
        InstanceId id = bench().running();
        connection().deleteGuest(bench().context(), id);
        bench().close();
        bench().eventually(10, () -> newThreads().isEmpty(), () -> "threads left: " + newThreads());
        open(newFixture());
    }

    private Set<String> newThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !threadsBefore.contains(thread))
                .map(Thread::getName)
                // Threads of the JDK and of libraries that live as long as the process, whoever uses them first.
                .filter(name -> !name.startsWith("ForkJoinPool.commonPool")
                        && !name.startsWith("JNA Cleaner")
                        && !name.startsWith("CompletableFutureDelayScheduler")
                        && !name.startsWith("process reaper")
                        && !name.startsWith("surefire"))
                .collect(Collectors.toSet());
    }

    private void untilDone(Runnable request, BooleanSupplier done) {
        // A guest that still boots may miss a request; asking again is what the engine does too.
        long end = System.nanoTime() + bench().scaled(30).toNanos();
        while (System.nanoTime() < end) {
            request.run();
            long next = System.nanoTime() + bench().scaled(2).toNanos();
            while (System.nanoTime() < next) {
                if (done.getAsBoolean()) {
                    return;
                }
                DriverBench.pause();
            }
        }
        throw new AssertionError("the guest did not do it within " + bench().scaled(30));
    }

    private long count(InstanceId id) {
        return connection().guests().stream()
                .filter(guest -> guest.id().equals(id))
                .count();
    }

    private Set<InstanceId> ids() {
        return connection().guests().stream().map(GuestState::id).collect(Collectors.toSet());
    }
}
