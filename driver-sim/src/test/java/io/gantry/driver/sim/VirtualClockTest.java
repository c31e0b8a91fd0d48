package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VirtualClockTest {
    private final VirtualClock clock = new VirtualClock();
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunInTheOrderOfTimeAndThenOfScheduling() {
        clock.schedule(20, () -> ran.add("20 at " + clock.nanos()));
        clock.schedule(10, () -> ran.add("10a at " + clock.nanos()));
        clock.schedule(10, () -> ran.add("10b at " + clock.nanos()));
        clock.schedule(31, () -> ran.add("31"));
        clock.advance(Duration.ofNanos(30));
        assertEquals(List.of("10a at 10", "10b at 10", "20 at 20"), ran);
        assertEquals(30, clock.nanos());
        assertEquals(1, clock.waiting());
    }

    @Test
    void taskMaySchedule() {
        clock.schedule(5, () -> clock.schedule(clock.nanos() + 5, () -> ran.add("at " + clock.nanos())));
        clock.advance(Duration.ofNanos(10));
        assertEquals(List.of("at 10"), ran);
    }

    @Test
    void taskOfThePastRunsAtOnceWhenTimeIsAdvancedByNothing() {
        clock.advance(Duration.ofNanos(10));
        clock.schedule(3, () -> ran.add("at " + clock.nanos()));
        assertEquals(List.of(), ran);
        clock.advance(Duration.ZERO);
        assertEquals(List.of("at 10"), ran);
    }

    @Test
    void cancelledTaskDoesNotRun() {
        SimClock.Timer timer = clock.schedule(5, () -> ran.add("5"));
        timer.cancel();
        timer.cancel();
        clock.advance(Duration.ofNanos(10));
        assertEquals(List.of(), ran);
    }

    @Test
    void advanceUntilStopsAtTheTaskThatFulfilsTheCondition() {
        clock.schedule(5, () -> ran.add("5"));
        clock.schedule(7, () -> ran.add("7"));
        assertTrue(clock.advanceUntil(() -> ran.contains("5"), Duration.ofSeconds(1)));
        assertEquals(5, clock.nanos());
        assertFalse(clock.advanceUntil(() -> ran.contains("9"), Duration.ofNanos(10)));
        assertEquals(15, clock.nanos());
    }

    @Test
    void timeDoesNotRunBackwardsNorFromWithin() {
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
        clock.schedule(1, () -> clock.advance(Duration.ofNanos(1)));
        assertThrows(IllegalStateException.class, () -> clock.advance(Duration.ofNanos(5)));
    }

    @Test
    void otherThreadsSleepUntilTimeComes() throws Exception {
        CompletableFuture<Boolean> slept = CompletableFuture.supplyAsync(() -> {
            try {
                return !Waits.await(clock, new CompletableFuture<Void>(), Duration.ofHours(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (clock.waiting() == 0) {
            Thread.onSpinWait();
        }
        clock.advance(Duration.ofMinutes(59));
        assertFalse(slept.isDone());
        clock.advance(Duration.ofMinutes(1));
        assertTrue(slept.get(10, TimeUnit.SECONDS));
        assertEquals(0, clock.waiting());
    }
}
