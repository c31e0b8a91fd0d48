package io.gantry.driver.sim;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The real time, with the few daemon threads on which a fleet's migrations and timers run. */
final class RealClock implements SimClock {
    private final NamedThreads names = new NamedThreads("gantry-sim-fleet");
    private final ScheduledThreadPoolExecutor threads;

    RealClock(int count) {
        threads = new ScheduledThreadPoolExecutor(count, names);
        threads.setRemoveOnCancelPolicy(true);
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(long atNanos, Runnable task) {
        ScheduledFuture<?> future = threads.schedule(task, atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    void close() {
        names.stop(threads);
    }
}
