package io.gantry.core.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LanesTest {
    private static final long PATIENCE = 20;
    private static final int HOSTS = 2_000;

    private final AtomicInteger made = new AtomicInteger();
    private final Set<Throwable> thrown = ConcurrentHashMap.newKeySet();
    private final Lanes lanes = new Lanes(work -> {
        made.incrementAndGet();
        Thread thread = new Thread(work);
        thread.setUncaughtExceptionHandler((t, e) -> thrown.add(e));
        return thread;
    });

    @AfterEach
    void close() {
        lanes.close();
    }

    private static Lane on(int host) {
        return new Lane.OnHost(HostId.of("h" + host));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aLaneDoesSoMuchAtATimeAndTheRestInOrder() {
        CountDownLatch all = new CountDownLatch(Lanes.HOST_THREADS);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(1);
        AtomicInteger beyond = new AtomicInteger();
        for (int i = 0; i < Lanes.HOST_THREADS; i++) {
            lanes.executor(on(1)).execute(() -> {
                all.countDown();
                await(release);
            });
        }
        lanes.executor(on(1)).execute(() -> {
            beyond.incrementAndGet();
            last.countDown();
        });
        await(all);
        assertEquals(0, beyond.get());
        assertEquals(Lanes.HOST_THREADS, made.get());
        release.countDown();
        await(last);
        assertEquals(1, beyond.get());
    }

    @Test
    void oneHostThatHangsHoldsUpNoOther() {
        CountDownLatch hung = new CountDownLatch(1);
        for (int i = 0; i < 100; i++) {
            lanes.executor(on(1)).execute(() -> await(hung));
        }
        CountDownLatch other = new CountDownLatch(1);
        lanes.executor(on(2)).execute(other::countDown);
        await(other);
        hung.countDown();
    }

    @Test
    void hostsThatHaveNothingToDoHaveNoThreads() {
        for (int host = 0; host < HOSTS; host++) {
            CountDownLatch done = new CountDownLatch(1);
            lanes.executor(on(host)).execute(done::countDown);
            await(done);
        }
        assertTrue(made.get() < HOSTS / 10, made + " threads");
    }

    @Test
    void aFleetThatIsLookedAtAtOnceIsLookedAtByABoundedNumberOfThreads() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(HOSTS);
        for (int host = 0; host < HOSTS; host++) {
            lanes.executor(new Lane.Sync(HostId.of("h" + host))).execute(() -> {
                await(release);
                done.countDown();
            });
        }
        CountDownLatch verb = new CountDownLatch(1);
        lanes.executor(on(1)).execute(verb::countDown);
        await(verb);
        release.countDown();
        await(done);
        assertTrue(made.get() <= Lanes.LOOKING_THREADS + 1, made + " threads");
    }

    @Test
    void workThatThrowsKeepsNothingElseFromBeingDone() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(20);
        Executor lane = lanes.executor(on(1));
        for (int i = 0; i < 20; i++) {
            lane.execute(() -> {
                await(begun);
                done.countDown();
                throw new IllegalStateException("expected");
            });
        }
        begun.countDown();
        await(done);
        CountDownLatch next = new CountDownLatch(1);
        lane.execute(next::countDown);
        await(next);
        assertTrue(thrown.stream().allMatch(IllegalStateException.class::isInstance), thrown.toString());
    }

    @Test
    void closedLanesInterruptWhatRunsBeginNothingMoreAndRefuseWork() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(Lanes.HOST_THREADS);
        CountDownLatch interrupted = new CountDownLatch(Lanes.HOST_THREADS);
        AtomicInteger later = new AtomicInteger();
        for (int i = 0; i < Lanes.HOST_THREADS; i++) {
            lanes.executor(on(1)).execute(() -> {
                begun.countDown();
                try {
                    Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE));
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
        }
        lanes.executor(on(1)).execute(later::incrementAndGet);
        await(begun);
        lanes.close();
        assertTrue(interrupted.await(PATIENCE, TimeUnit.SECONDS));
        assertEquals(0, later.get());
        assertThrows(
                RejectedExecutionException.class, () -> lanes.executor(on(1)).execute(later::incrementAndGet));
        assertThrows(
                RejectedExecutionException.class, () -> lanes.executor(on(2)).execute(later::incrementAndGet));
    }

    @Test
    void aHostThatIsRemovedFinishesWhatItWasGiven() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            lanes.executor(on(1)).execute(() -> {
                await(release);
                done.countDown();
            });
        }
        lanes.remove(HostId.of("h1"));
        release.countDown();
        await(done);
    }
}
