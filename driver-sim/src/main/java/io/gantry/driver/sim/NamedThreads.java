package io.gantry.driver.sim;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the daemon threads of one pool, which can be recognised in a thread dump, and ends them with the pool. */
final class NamedThreads implements ThreadFactory {
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    NamedThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /**
     * Stops the pool and waits until its threads are gone, which is a moment after the pool says that it has terminated;
     * a thread of the pool that calls this does not wait for itself.
     */
    void stop(ExecutorService pool) {
        pool.shutdownNow();
        long end = System.nanoTime() + STOP_NANOS;
        try {
            for (Thread thread : threads) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (thread != Thread.currentThread() && left > 0) {
                    thread.join(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
