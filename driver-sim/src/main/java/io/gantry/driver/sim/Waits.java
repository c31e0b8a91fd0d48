package io.gantry.driver.sim;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting in the time of a fleet. */
final class Waits {
    private Waits() {}

    /** Waits for an event; says whether it came, well or not, within the timeout. */
    static boolean await(SimClock clock, CompletableFuture<?> event, Duration timeout) throws InterruptedException {
        if (event.isDone()) {
            return true;
        }
        if (timeout.isZero() || timeout.isNegative()) {
            return false;
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        SimClock.Timer timer = clock.schedule(due(clock.nanos(), timeout), () -> over.complete(null));
        try {
            CompletableFuture.anyOf(event, over).get();
            return event.isDone();
        } catch (ExecutionException e) {
            return true;
        } finally {
            timer.cancel();
        }
    }

    /** The time at which a timeout ends; a timeout of centuries ends in centuries. */
    static long due(long now, Duration timeout) {
        return timeout.compareTo(Duration.ofDays(36_500)) > 0
                ? now + Duration.ofDays(36_500).toNanos()
                : now + timeout.toNanos();
    }
}
