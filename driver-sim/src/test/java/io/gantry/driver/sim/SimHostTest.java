package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.error.OutcomeUnknown;
import io.gantry.host.HostUsage;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can be ordered to go wrong, and how it looks from the other side. */
class SimHostTest {
    private final Bench bench = new Bench();
    private final HostConnection a = bench.host("sim://a");
    private final SimHost host = bench.fleet.host("a");
    private final InstanceId id = InstanceId.random();

    @AfterEach
    void close() {
        bench.close();
    }

    private void create(Duration timeout) {
        a.createGuest(Bench.context(timeout), bench.spec(id, Bench.flavor(64)));
    }

    @Test
    void nextCallsFailBeforeTheyHaveAnEffect() {
        HypervisorError failure = new HypervisorError("a", 1, 10, "no space left", null);
        host.failNext(SimCall.CREATE, 2, () -> failure);
        for (int i = 0; i < 2; i++) {
            assertSame(failure, assertThrows(HypervisorError.class, () -> create(Duration.ofSeconds(1))));
            assertTrue(a.guest(id).isEmpty());
        }
        create(Duration.ofSeconds(1));
        assertTrue(a.guest(id).isPresent());
    }

    @Test
    void faultsAreForOneKindOfCallOnOneHostAndCanBeForgotten() {
        HostConnection b = bench.host("sim://b");
        host.failNext(SimCall.GUESTS, 1, IllegalStateException::new);
        assertTrue(b.guests().isEmpty());
        assertEquals("a", a.inventory().hostname());
        assertThrows(IllegalStateException.class, a::guests);
        assertThrows(IllegalArgumentException.class, () -> host.loseAnswers(SimCall.GUESTS, 0));
        host.failNext(SimCall.GUESTS, 1, IllegalStateException::new);
        host.clearFaults();
        assertTrue(a.guests().isEmpty());
    }

    @Test
    void lostAnswerComesAfterTheEffect() {
        host.loseAnswers(SimCall.CREATE, 1);
        assertThrows(OutcomeUnknown.class, () -> create(Duration.ofSeconds(1)));
        assertTrue(a.guest(id).isPresent());
        create(Duration.ofSeconds(1));
        assertEquals(1, bench.fleet.disks());
    }

    @Test
    void heldCallGoesOnWhenReleased() throws Exception {
        SimHold hold = host.holdNext(SimCall.CREATE);
        CompletableFuture<Void> call = CompletableFuture.runAsync(() -> create(Duration.ofHours(1)));
        CompletableFuture<Boolean> entered = CompletableFuture.supplyAsync(() -> {
            try {
                return hold.awaitCall(Duration.ofHours(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(entered.get(10, TimeUnit.SECONDS));
        assertTrue(a.guest(id).isEmpty());
        assertFalse(call.isDone());
        hold.release();
        call.get(10, TimeUnit.SECONDS);
        assertTrue(a.guest(id).isPresent());
    }

    @Test
    void heldCallThatMissesItsDeadlineHasNoKnownOutcome() throws Exception {
        host.holdNext(SimCall.CREATE);
        assertTrue(failureOf(() -> create(Duration.ofSeconds(30)), Duration.ofSeconds(30)) instanceof OutcomeUnknown);
        assertTrue(bench.told("a").await("disconnected: no answer to 'CREATE'", "connected"));
    }

    @Test
    void hungDaemonLetsCallsEndAtTheirDeadline() throws Exception {
        host.hang();
        HostUnreachable read = failureOf(a::guests, Duration.ofSeconds(5));
        assertFalse(read instanceof OutcomeUnknown, "a read changes nothing");
        assertTrue(read.getMessage().contains("GUESTS") && read.getMessage().contains("PT5S"), read.getMessage());
        assertTrue(failureOf(() -> create(Duration.ofSeconds(7)), Duration.ofSeconds(7)) instanceof OutcomeUnknown);
        host.unhang();
        assertTrue(a.guests().isEmpty());
        assertTrue(bench.told("a")
                .await("disconnected: no answer to 'GUESTS'", "disconnected: no answer to 'CREATE'", "connected"));
    }

    @Test
    void callThatWaitsForHungDaemonGoesOnWithIt() throws Exception {
        host.hang();
        CompletableFuture<Void> call = CompletableFuture.runAsync(() -> create(Duration.ofHours(1)));
        awaitSleeper();
        host.unhang();
        call.get(10, TimeUnit.SECONDS);
        assertTrue(a.guest(id).isPresent());
    }

    @Test
    void latencyTakesTimeAndMayExceedTheDeadline() throws Exception {
        host.latency(Duration.ofSeconds(2));
        CompletableFuture<Void> call = CompletableFuture.runAsync(() -> create(Duration.ofSeconds(3)));
        awaitSleeper();
        bench.clock.advance(Duration.ofMillis(1999));
        assertFalse(call.isDone());
        bench.clock.advance(Duration.ofMillis(1));
        call.get(10, TimeUnit.SECONDS);
        assertTrue(failureOf(() -> create(Duration.ofSeconds(1)), Duration.ofSeconds(1)) instanceof OutcomeUnknown);
    }

    @Test
    void interruptEndsTheWaitAndStaysSet() throws Exception {
        host.hang();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            assertThrows(HostUnreachable.class, a::guests);
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        awaitSleeper();
        caller.interrupt();
        assertTrue(interrupted.get(10, TimeUnit.SECONDS));
        caller.join();
    }

    @Test
    void disconnectedHostIsUnreachableAndItsGuestsRunOn() {
        InstanceId guest = bench.running(a, Bench.flavor(64));
        host.disconnect();
        host.disconnect();
        assertThrows(HostUnreachable.class, a::guests);
        assertThrows(HostUnreachable.class, () -> create(Duration.ofSeconds(1)));
        assertThrows(
                HostUnreachable.class,
                () -> bench.driver
                        .connect(Bench.endpoint("sim://a"), new Bench.Told())
                        .close());
        assertEquals(PowerState.RUNNING, bench.fleet.guest(guest).power());
        bench.fleet.guest(guest).crash();
        host.reconnect();
        assertEquals(PowerState.CRASHED, Bench.power(a, guest));
        assertTrue(bench.told("a").await("STARTED", "disconnected: the network is gone", "connected"));
    }

    @Test
    void powerFailureCrashesTheGuestsThatAreOn() {
        InstanceId on = bench.running(a, Bench.busy(64, 8, 0, 0));
        bench.fleet.verify(on);
        create(Duration.ofSeconds(1));
        assertEquals(2048, bench.fleet.pages());
        host.powerFail();
        assertEquals(0, bench.fleet.pages());
        assertThrows(HostUnreachable.class, a::guests);
        host.powerOn();
        assertEquals(PowerState.CRASHED, Bench.power(a, on));
        assertEquals(PowerState.SHUTDOWN, Bench.power(a, id));
        a.startGuest(Bench.context(), on);
        assertEquals(PowerState.RUNNING, Bench.power(a, on));
        assertTrue(bench.told("a").await("STARTED", "disconnected: the host lost power", "connected", "STARTED"));
    }

    @Test
    void committedAddsUpWhatGuestsWerePromised() {
        assertEquals(new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO), host.committed());
        bench.running(a, Bench.flavor(64));
        create(Duration.ofSeconds(1));
        assertEquals(new HostUsage(2, 2, MemorySize.mib(128), DiskSize.mib(2)), host.committed());
    }

    private void awaitSleeper() {
        while (bench.clock.waiting() == 0) {
            Thread.onSpinWait();
        }
    }

    private HostUnreachable failureOf(Runnable call, Duration after) {
        CompletableFuture<Void> running = CompletableFuture.runAsync(call);
        awaitSleeper();
        bench.clock.advance(after);
        return assertThrows(HostUnreachable.class, () -> {
            try {
                running.join();
            } catch (CompletionException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        });
    }
}
