package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.ImageSource;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimGuestTest {
    private final Bench bench = new Bench();
    private final HostConnection a = bench.host("sim://a");

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void guestTakesItsTimeToShutDown() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.requestShutdown(Bench.context(), id);
        bench.clock.advance(Duration.ofMillis(19));
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
        bench.clock.advance(Duration.ofMillis(1));
        assertEquals(PowerState.SHUTDOWN, Bench.power(a, id));
        assertTrue(bench.told("a").await("STARTED", "STOPPED"));
    }

    @Test
    void deafGuestDoesNot() {
        InstanceId id = bench.running(a, Bench.flavor(64, "sim:ignores_shutdown", "true"));
        a.requestShutdown(Bench.context(), id);
        a.requestReboot(Bench.context(), id);
        bench.clock.advance(Duration.ofDays(1));
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
        bench.fleet.guest(id).ignoreShutdown(false);
        a.requestShutdown(Bench.context(), id);
        bench.clock.advance(Duration.ofMillis(20));
        assertEquals(PowerState.SHUTDOWN, Bench.power(a, id));
    }

    @Test
    void pausedGuestHearsThePowerButtonWhenItRunsAgain() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.pauseGuest(Bench.context(), id);
        a.requestShutdown(Bench.context(), id);
        bench.clock.advance(Duration.ofDays(1));
        assertEquals(PowerState.PAUSED, Bench.power(a, id));
        a.unpauseGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofMillis(20));
        assertEquals(PowerState.SHUTDOWN, Bench.power(a, id));
    }

    @Test
    void guestThatWasPoweredCycledForgetsTheRequest() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.requestShutdown(Bench.context(), id);
        a.powerOffGuest(Bench.context(), id);
        a.startGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofDays(1));
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
    }

    @Test
    void rebootIsReported() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.requestReboot(Bench.context(), id);
        bench.clock.advance(Duration.ofMillis(20));
        assertTrue(bench.told("a").await("STARTED", "REBOOTED"));
        a.powerOffGuest(Bench.context(), id);
        assertThrows(InvalidState.class, () -> a.requestReboot(Bench.context(), id));
    }

    @Test
    void guestEndsByItself() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        SimGuest guest = bench.fleet.guest(id);
        guest.powerOffByItself();
        assertEquals(PowerState.SHUTDOWN, Bench.power(a, id));
        assertThrows(InvalidState.class, guest::crash);
        a.startGuest(Bench.context(), id);
        guest.crash();
        assertEquals(PowerState.CRASHED, Bench.power(a, id));
        a.powerOffGuest(Bench.context(), id);
        assertEquals(PowerState.SHUTDOWN, Bench.power(a, id));
        assertTrue(bench.told("a").await("STARTED", "STOPPED", "STARTED", "STOPPED"));
    }

    @Test
    void consoleHasBootLinesAndOneHeartbeatForEachSecondOfRunning() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        bench.clock.advance(Duration.ofMillis(2500));
        a.pauseGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofHours(1));
        assertEquals(
                "[sim] boot 1 of guest\n[sim] guest login: \n[sim] heartbeat 1\n[sim] heartbeat 2\n",
                console(id, 1000));
        a.unpauseGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofMillis(500));
        assertEquals("heartbeat 3\n", console(id, 12));
        a.powerOffGuest(Bench.context(), id);
        a.startGuest(Bench.context(), id);
        assertTrue(console(id, 1000).endsWith("heartbeat 3\n[sim] boot 2 of guest\n[sim] guest login: \n"));
    }

    @Test
    void consoleOfYearsStaysSmall() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        bench.clock.advance(Duration.ofDays(3650));
        assertTrue(console(id, 1 << 30).length() < 200_000);
        assertTrue(console(id, 100).endsWith("[sim] heartbeat 315360000\n"));
    }

    @Test
    void memoryIsEmptyAfterPowerCycleAndKeptByPause() {
        InstanceId id = bench.running(a, Bench.busy(64, 4, 0, 0));
        assertEquals(1024, bench.fleet.verify(id).checked());
        a.pauseGuest(Bench.context(), id);
        assertEquals(1024, bench.fleet.verify(id).checked());
        a.powerOffGuest(Bench.context(), id);
        assertEquals(0, bench.fleet.pages());
        assertEquals(0, bench.fleet.verify(id).checked());
    }

    @Test
    void dirtyingChangesAtRunTime() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        SimGuest guest = bench.fleet.guest(id);
        guest.dirtying(MemorySize.mib(8), Bandwidth.mibPerSecond(1000));
        bench.clock.advance(Duration.ofSeconds(10));
        assertEquals(2048, guest.verify().checked());
        assertThrows(InvalidRequest.class, () -> guest.dirtying(MemorySize.mib(65), Bandwidth.mibPerSecond(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "sim:working_set_mib, 65, from 0 to 64",
        "sim:resident_mib, -1, from 0 to 64",
        "sim:dirty_rate_mib, fast, whole number",
        "sim:ignores_shutdown, yes, true or false",
        "sim:workingset, 1, no extra spec"
    })
    void wrongExtraSpecIsRefusedByName(String key, String value, String why) {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> bench.running(a, Bench.flavor(64, key, value)));
        assertEquals("flavor.extraSpecs." + key, refused.field());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertTrue(a.guests().isEmpty());
    }

    @Test
    void extraSpecsOfOthersAreIgnored() {
        bench.running(a, Bench.flavor(64, "hw:cpu_policy", "dedicated", "simple", "1"));
        assertEquals(1, a.guests().size());
    }

    @Test
    void guestNeedsItsImageOnTheHost() throws IOException {
        SimFleet other = SimFleet.create();
        try (other;
                SimDriver driver = other.driver(Runnable::run)) {
            HostConnection host = driver.connect(Bench.endpoint("sim://x"), new Bench.Told());
            InstanceId id = InstanceId.random();
            assertThrows(
                    HypervisorError.class, () -> host.createGuest(Bench.context(), bench.spec(id, Bench.flavor(64))));
            ImageSource cut = TestImages.source(
                    "a disk".getBytes(StandardCharsets.UTF_8), "a dis".getBytes(StandardCharsets.UTF_8));
            assertThrows(IOException.class, () -> host.cacheImage(Bench.context(), cut));
            ImageSource changed = TestImages.source(
                    "a disk".getBytes(StandardCharsets.UTF_8), "A disk".getBytes(StandardCharsets.UTF_8));
            assertThrows(IOException.class, () -> host.cacheImage(Bench.context(), changed));
        }
    }

    @Test
    void giantGuestIsRefused() {
        assertThrows(HypervisorError.class, () -> bench.running(a, Bench.flavor(5L << 20)));
    }

    @Test
    void targetRefusesWhatCannotRunThere() {
        HostConnection small = bench.host("sim://small?memory-mib=32&architecture=aarch64");
        InstanceId id = bench.running(a, Bench.flavor(64));
        var offer = a.migrationSource().orElseThrow().offer(id);
        var target = small.migrationTarget().orElseThrow();
        assertEquals(
                2, target.refusals(offer).size(), () -> target.refusals(offer).toString());
        assertThrows(HypervisorError.class, () -> target.prepare(Bench.context(), offer));
        assertEquals(1, a.migrationTarget().orElseThrow().refusals(offer).size(), "it is there already");
    }

    @Test
    void arrivingGuestIsNotTouchedByVerbs() {
        HostConnection b = bench.host("sim://b");
        InstanceId id = bench.running(a, Bench.flavor(64));
        b.migrationTarget()
                .orElseThrow()
                .prepare(Bench.context(), a.migrationSource().orElseThrow().offer(id));
        assertEquals(PowerState.NOSTATE, b.guest(id).orElseThrow().power());
        assertThrows(InvalidState.class, () -> b.startGuest(Bench.context(), id));
        assertThrows(Conflict.class, () -> b.createGuest(Bench.context(), bench.spec(id, Bench.flavor(64))));
        b.deleteGuest(Bench.context(), id);
        assertTrue(b.guest(id).isEmpty());
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
    }

    @Test
    void handleFollowsAndFindsCopies() {
        HostConnection b = bench.host("sim://b");
        InstanceId id = bench.running(a, Bench.flavor(64));
        SimGuest guest = bench.fleet.host("a").guest(id);
        Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofSeconds(1));
        assertEquals(Optional.of("b"), guest.host());
        assertThrows(NotFound.class, () -> bench.fleet.host("a").guest(id));
        a.createGuest(Bench.context(), bench.spec(id, Bench.flavor(64)));
        assertEquals(2, bench.fleet.copies(id).size(), "created a second time by somebody");
        assertThrows(NotFound.class, () -> bench.fleet.guest(id));
        b.deleteGuest(Bench.context(), id);
        assertEquals(Optional.empty(), guest.host());
        assertEquals(1, bench.fleet.copies(id).size());
    }

    private String console(InstanceId id, int maxBytes) {
        return new String(a.consoleLog(id, maxBytes), StandardCharsets.UTF_8);
    }
}
