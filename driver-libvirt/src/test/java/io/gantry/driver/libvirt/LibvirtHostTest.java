package io.gantry.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.FakeDaemon.FakePort;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.error.OutcomeUnknown;
import io.gantry.error.UnexpectedFailure;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LibvirtHostTest {
    private static final Duration CALL = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Opener.Patience PATIENCE =
            new Opener.Patience(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(200), 3);

    private final FakeDaemon daemon = new FakeDaemon();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<LibvirtHost> hosts = new CopyOnWriteArrayList<>();

    private final HostListener listener = new HostListener() {
        @Override
        public void onGuestEvent(GuestEvent event) {
            told.add(event.kind() + " " + event.reason());
        }

        @Override
        public void onDisconnected(String reason) {
            told.add("disconnected");
        }

        @Override
        public void onConnected() {
            told.add("connected");
        }
    };

    private LibvirtHost connect(String id, FakeDaemon to) {
        LibvirtHost host =
                LibvirtHost.connect(new LibvirtEndpoint(HostId.of(id), "fake:///" + id, CALL), listener, to, PATIENCE);
        hosts.add(host);
        return host;
    }

    @AfterEach
    void everyConnectionIsFreedAndNoThreadStays() {
        daemon.thaw();
        hosts.forEach(LibvirtHost::close);
        await("all connections are freed", () -> daemon.openPorts() == 0);
        assertTrue(daemon.ports.stream().noneMatch(port -> port.closedInCall), "freed under a call");
        await("no thread stays", () -> threads("gantry-libvirt-a-").isEmpty());
    }

    @Test
    void callsRunOnNamedDaemonPlatformThreads() {
        LibvirtHost host = connect("a", daemon);
        Thread thread = host.read("thread", port -> Thread.currentThread());
        assertTrue(thread.getName().startsWith("gantry-libvirt-a-"), thread::toString);
        assertTrue(thread.isDaemon());
        assertEquals("answer", host.change("call", LONG, LibvirtHostTest::call));
        assertEquals(List.of(), told);
        assertEquals(1, host.generation());
    }

    @Test
    void aReadWithoutAnAnswerIsUnreachableAndTheNextFailsAtOnce() {
        LibvirtHost host = connect("a", daemon);
        daemon.freeze();
        HostUnreachable failure = assertThrows(HostUnreachable.class, () -> host.read("look", LibvirtHostTest::call));
        assertEquals(HostUnreachable.class, failure.getClass());
        assertTrue(String.valueOf(failure.getMessage()).contains("no answer to 'look' within PT0.3S"));
        long start = System.nanoTime();
        assertThrows(HostUnreachable.class, () -> host.read("look", LibvirtHostTest::call));
        assertTrue(System.nanoTime() - start < CALL.toNanos() / 2);
        await("told", () -> told.equals(List.of("disconnected")));
        daemon.thaw();
        await("told", () -> told.equals(List.of("disconnected", "connected")));
        assertEquals("answer", host.read("look", LibvirtHostTest::call));
        assertEquals(2, host.generation());
    }

    @Test
    void aChangeWithoutAnAnswerHasAnUnknownOutcomeAndDoesNotGoOn() {
        LibvirtHost host = connect("a", daemon);
        daemon.freeze();
        AtomicBoolean wentOn = new AtomicBoolean();
        assertThrows(
                OutcomeUnknown.class,
                () -> host.change("create", CALL, port -> {
                    call(port);
                    call(port);
                    wentOn.set(true);
                    return true;
                }));
        daemon.thaw();
        await("freed", () -> daemon.ports.get(0).closed);
        assertFalse(wentOn.get(), "a second step long after the caller was told");
    }

    @Test
    void aChangeThatNeverBeganIsUnreachableOnly() {
        LibvirtHost host = connect("a", daemon);
        daemon.freeze();
        List<CompletableFuture<Throwable>> callers = java.util.stream.IntStream.range(0, Lane.CHANGE.threads())
                .mapToObj(i -> inBackground(() -> host.change("slow", LONG, LibvirtHostTest::call)))
                .toList();
        await("all threads are taken", () -> daemon.last().inCall.get() == Lane.CHANGE.threads());
        HostUnreachable failure =
                assertThrows(HostUnreachable.class, () -> host.change("queued", CALL, LibvirtHostTest::call));
        assertEquals(HostUnreachable.class, failure.getClass());
        assertEquals(List.of(), told, "that alone does not poison the connection");
        assertTrue(callers.stream().noneMatch(CompletableFuture::isDone));
        daemon.thaw();
        callers.forEach(caller -> assertEquals("none", caller.join().getMessage()));
    }

    @Test
    void readsAreNotKeptWaitingByChangesAndTransfers() {
        LibvirtHost host = connect("a", daemon);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        for (int i = 0; i < 30; i++) {
            ignored(() -> host.change("slow", LONG, port -> gate.join() == null));
            ignored(() -> host.transfer("slower", LONG, port -> gate.join() == null));
        }
        for (int i = 0; i < 50; i++) {
            assertEquals("answer", host.read("look", LibvirtHostTest::call));
        }
        gate.complete(null);
    }

    @Test
    void anotherHostIsNotDelayed() {
        FakeDaemon healthy = new FakeDaemon();
        LibvirtHost host = connect("a", daemon);
        LibvirtHost other = connect("b", healthy);
        daemon.freeze();
        for (int i = 0; i < 20; i++) {
            ignored(() -> host.change("hangs", LONG, LibvirtHostTest::call));
        }
        for (int i = 0; i < 100; i++) {
            long start = System.nanoTime();
            assertEquals("answer", other.read("look", LibvirtHostTest::call));
            assertTrue(System.nanoTime() - start < CALL.toNanos());
        }
    }

    @Test
    void aDaemonThatStaysFrozenCostsAFewThreadsOnly() throws Exception {
        LibvirtHost host = connect("a", daemon);
        daemon.freeze();
        assertThrows(HostUnreachable.class, () -> host.read("look", LibvirtHostTest::call));
        for (int i = 0; i < 100; i++) {
            assertThrows(HostUnreachable.class, () -> host.read("look", LibvirtHostTest::call));
            Thread.sleep(15);
        }
        assertTrue(daemon.mostOpening.get() <= PATIENCE.threads(), () -> "opening " + daemon.mostOpening);
        assertTrue(
                threads("gantry-libvirt-a-").size() <= PATIENCE.threads() + 3,
                () -> threads("gantry-libvirt-a-").toString());
        daemon.thaw();
        await("one connection stays", () -> daemon.openPorts() == 1 && !told.isEmpty());
        assertEquals("answer", eventuallyAnswers(host));
    }

    @Test
    void aKilledDaemonIsNoticedAndFoundAgain() {
        LibvirtHost host = connect("a", daemon);
        daemon.kill();
        await("told", () -> told.contains("disconnected"));
        assertThrows(HostUnreachable.class, () -> host.read("look", LibvirtHostTest::call));
        await("tries again and again", () -> daemon.attempts.get() > 4);
        daemon.start();
        assertEquals("answer", eventuallyAnswers(host));
        await("told", () -> told.equals(List.of("disconnected", "connected")));
    }

    @Test
    void aConnectionThatBreaksUnderACallIsReportedByWhatTheCallWas() {
        LibvirtHost host = connect("a", daemon);
        assertThrows(
                OutcomeUnknown.class,
                () -> host.change("create", LONG, port -> {
                    ((FakePort) port).alive = false;
                    return call(port);
                }));
        eventuallyAnswers(host);
        HostUnreachable read = assertThrows(
                HostUnreachable.class,
                () -> host.read("look", port -> {
                    ((FakePort) port).alive = false;
                    return call(port);
                }));
        assertEquals(HostUnreachable.class, read.getClass());
        eventuallyAnswers(host);
        daemon.last().alive = false;
        HostUnreachable unsent =
                assertThrows(HostUnreachable.class, () -> host.change("create", LONG, LibvirtHostTest::call));
        assertEquals(HostUnreachable.class, unsent.getClass(), "found broken before anything was sent");
    }

    @Test
    void failuresAreTranslated() {
        LibvirtHost host = connect("a", daemon);
        HypervisorError error = assertThrows(
                HypervisorError.class,
                () -> host.read("look", port -> {
                    throw new LibvirtError(55, 10, "not in this state");
                }));
        assertEquals(55, error.nativeCode());
        assertEquals(10, error.domain());
        assertTrue(String.valueOf(error.getMessage()).contains("look: not in this state"));
        Conflict conflict = new Conflict(InstanceId.random().ref(), "Something is there", "Look");
        assertSame(
                conflict,
                assertThrows(
                        Conflict.class,
                        () -> host.read("look", port -> {
                            throw conflict;
                        })));
        assertThrows(
                UncheckedIOException.class,
                () -> host.read("look", port -> {
                    throw new IOException("disk");
                }));
        assertThrows(
                UnexpectedFailure.class,
                () -> host.read("look", port -> {
                    throw new IllegalStateException("bug");
                }));
        assertEquals(List.of(), told, "none of these is the connection's fault");
    }

    @Test
    void anInterruptedCallerGetsItsInterruptBack() throws Exception {
        LibvirtHost host = connect("a", daemon);
        daemon.freeze();
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                host.change("create", LONG, LibvirtHostTest::call);
            } catch (RuntimeException e) {
                interrupted.set(Thread.currentThread().isInterrupted());
                failure.complete(e);
            }
        });
        caller.start();
        await("in the call", () -> daemon.last().inCall.get() == 1);
        caller.interrupt();
        assertEquals(OutcomeUnknown.class, failure.get().getClass());
        assertTrue(interrupted.get());
        daemon.thaw();
    }

    @Test
    void aFirstConnectionThatHangsFailsInTimeAndIsFreedLater() {
        daemon.freeze();
        assertThrows(HostUnreachable.class, () -> connect("a", daemon));
        daemon.thaw();
        await("freed", () -> daemon.ports.size() == 1 && daemon.openPorts() == 0);
        daemon.kill();
        HostUnreachable refused = assertThrows(HostUnreachable.class, () -> connect("a", daemon));
        assertTrue(String.valueOf(refused.getMessage()).contains("connection refused"));
    }

    @Test
    void closingWhileFrozenReturnsAndFreesLater() {
        LibvirtHost host = connect("a", daemon);
        daemon.freeze();
        ignored(() -> host.change("hangs", LONG, LibvirtHostTest::call));
        await("in the call", () -> daemon.last().inCall.get() == 1);
        host.close();
        host.close();
        assertEquals(1, daemon.openPorts());
        assertThrows(HostUnreachable.class, () -> host.read("look", LibvirtHostTest::call));
        daemon.thaw();
        await("freed", () -> daemon.openPorts() == 0);
    }

    @Test
    void eventsOfOurDomainsArePassedOn() {
        connect("a", daemon);
        UUID id = UUID.randomUUID();
        daemon.last().sink.onLifecycle(id, "gantry-" + id, 2, 0);
        daemon.last().sink.onLifecycle(id, "somebody-elses", 2, 0);
        daemon.last().sink.onLifecycle(id, "gantry-" + id, 0, 0);
        daemon.last().sink.onReboot(id, "gantry-" + id);
        daemon.last().sink.onReboot(id, "somebody-elses");
        await("told", () -> told.equals(List.of("STARTED booted", "REBOOTED rebooted")));
    }

    @Test
    void aJobsFiguresReachWhoExpectsThem() throws Exception {
        LibvirtHost host = connect("a", daemon);
        InstanceId id = InstanceId.random();
        CompletableFuture<JobStatistics> job = host.expectJob(id);
        daemon.last().sink.onJobCompleted(UUID.randomUUID(), new JobStatistics(Map.of()));
        assertFalse(job.isDone());
        daemon.last().sink.onJobCompleted(id.value(), new JobStatistics(Map.of("downtime", 7L)));
        assertEquals(7L, job.get().number("downtime").orElseThrow());
        host.forgetJob(id, job);
    }

    private static String call(io.gantry.driver.libvirt.port.LibvirtPort port) {
        return ((FakePort) port).call();
    }

    private static String eventuallyAnswers(LibvirtHost host) {
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            try {
                return host.read("look", LibvirtHostTest::call);
            } catch (HostUnreachable e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** In the background; what comes of it does not matter to the test. */
    private static void ignored(Runnable task) {
        var unused = inBackground(task);
    }

    private static CompletableFuture<Throwable> inBackground(Runnable task) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                task.run();
                end.complete(new Throwable("none"));
            } catch (RuntimeException e) {
                end.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LONG + ": " + what);
            }
            pause();
        }
    }
}
