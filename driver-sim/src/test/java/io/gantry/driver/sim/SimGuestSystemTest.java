package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.HypervisorError;
import io.gantry.error.OutcomeUnknown;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.HostConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs in a simulated guest, and what its hypervisor knows of it. */
class SimGuestSystemTest {
    private final Bench bench = new Bench();
    private final HostConnection a = bench.host("sim://a");

    @AfterEach
    void close() {
        bench.close();
    }

    private String console(InstanceId id) {
        return new String(a.consoleLog(id, 10_000), StandardCharsets.UTF_8);
    }

    @Test
    void interruptsThatComeWhileTheVcpusAreStoppedAreOne() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.injectNmi(Bench.context(), id);
        a.injectNmi(Bench.context(), id);
        assertEquals(2, bench.fleet.guest(id).nmis());
        assertTrue(console(id).contains("NMI 2\n"), console(id));

        a.pauseGuest(Bench.context(), id);
        a.injectNmi(Bench.context(), id);
        a.injectNmi(Bench.context(), id);
        assertEquals(2, bench.fleet.guest(id).nmis());
        a.unpauseGuest(Bench.context(), id);
        assertEquals(3, bench.fleet.guest(id).nmis());
    }

    @Test
    void aGuestThatBootsAnewKnowsOfNoEarlierInterrupt() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.pauseGuest(Bench.context(), id);
        a.injectNmi(Bench.context(), id);
        a.powerOffGuest(Bench.context(), id);
        a.startGuest(Bench.context(), id);
        assertEquals(0, bench.fleet.guest(id).nmis());
    }

    @Test
    void vcpusCountTheTimeForWhichTheyRan() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        bench.clock.advance(Duration.ofSeconds(3));
        a.pauseGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofSeconds(5));
        InstanceDiagnostics paused = a.diagnostics(id);
        assertEquals(Optional.of(Duration.ofSeconds(3)), paused.uptime());
        assertEquals(Optional.of(Duration.ofSeconds(3)), paused.cpus().get(0).time());

        a.powerOffGuest(Bench.context(), id);
        a.startGuest(Bench.context(), id);
        assertEquals(Optional.of(Duration.ZERO), a.diagnostics(id).uptime());
    }

    @Test
    void faultsReachTheseCallsToo() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        SimHost host = bench.fleet.host("a");
        HypervisorError failure = new HypervisorError("a", 1, 10, "no", null);
        host.failNext(SimCall.INJECT_NMI, 1, () -> failure);
        assertEquals(failure, assertThrows(HypervisorError.class, () -> a.injectNmi(Bench.context(), id)));
        assertEquals(0, bench.fleet.guest(id).nmis());
        host.loseAnswers(SimCall.INJECT_NMI, 1);
        assertThrows(OutcomeUnknown.class, () -> a.injectNmi(Bench.context(), id));
        assertEquals(1, bench.fleet.guest(id).nmis());
        host.failNext(SimCall.DIAGNOSTICS, 1, () -> failure);
        assertEquals(failure, assertThrows(HypervisorError.class, () -> a.diagnostics(id)));
    }
}
