package io.gantry.driver.sim;

/**
 * The time of a fleet, on which everything that takes time there depends: latency, deadlines, guests that shut down,
 * memory that gets dirty, migrations. By default a fleet follows the real time; {@link VirtualClock} stands still until
 * it is told to advance. Safe for use by many threads.
 */
public interface SimClock {
    /** {@return nanoseconds since some moment that stays the same for this clock} */
    long nanos();

    /**
     * Runs a task at a time, or at once if that has passed; never in the calling thread before this returns.
     *
     * @param atNanos the time, as {@link #nanos} tells it
     * @param task short; does not block
     * @return cancels the task if it has not begun
     */
    Timer schedule(long atNanos, Runnable task);

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {
        /** Forgets the task; does nothing if it has begun or was cancelled. */
        void cancel();
    }
}
