package io.gantry.driver.sim;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until {@link #advance} moves it, and then runs everything that falls due in the thread that
 * called: in the order of time and, at one time, of scheduling. A run of a fleet that one thread drives is thus the same
 * each time. Other threads that wait on this clock go on when another one advances it far enough.
 */
public final class VirtualClock implements SimClock {
    private final ReentrantLock advancing = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
    private long now;
    private long order;

    /** Creates a clock at time 0. */
    public VirtualClock() {}

    private record Entry(long at, long order, Runnable task) {}

    @Override
    public long nanos() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Timer schedule(long atNanos, Runnable task) {
        lock.lock();
        try {
            Entry entry = new Entry(Math.max(atNanos, now), order++, task);
            entries.add(entry);
            return () -> forget(entry);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the time, and runs what falls due.
     *
     * @param duration zero or more; zero runs what is due now
     */
    public void advance(Duration duration) {
        advanceUntil(() -> false, duration);
    }

    /**
     * Moves the time from one due task to the next until a condition holds.
     *
     * @param condition looked at before the first task and after each
     * @param limit how far to go at most
     * @return whether the condition holds; if not, the limit is reached
     */
    public boolean advanceUntil(BooleanSupplier condition, Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards: " + limit);
        }
        if (advancing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a task of the clock cannot advance it");
        }
        advancing.lock();
        try {
            long end = nanos() + limit.toNanos();
            while (!condition.getAsBoolean()) {
                Entry next = take(end);
                if (next == null) {
                    return condition.getAsBoolean();
                }
                next.task().run();
            }
            return true;
        } finally {
            advancing.unlock();
        }
    }

    /** {@return how many tasks wait for their time} */
    public int waiting() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Entry take(long end) {
        lock.lock();
        try {
            Entry next = entries.peek();
            if (next == null || next.at() > end) {
                now = end;
                return null;
            }
            now = next.at();
            return entries.poll();
        } finally {
            lock.unlock();
        }
    }

    private void forget(Entry entry) {
        lock.lock();
        try {
            entries.remove(entry);
        } finally {
            lock.unlock();
        }
    }
}
