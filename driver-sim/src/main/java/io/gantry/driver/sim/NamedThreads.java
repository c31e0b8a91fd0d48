package io.gantry.driver.sim;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes daemon threads that can be recognised in a thread dump. */
final class NamedThreads implements ThreadFactory {
    private static final int STOP_SECONDS = 5;

    private final String name;
    private final AtomicInteger count = new AtomicInteger();

    NamedThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new OwnThread(task, name + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Stops a pool and waits for its threads, unless one of them is the caller and would wait for itself. */
    static void stop(ExecutorService pool) {
        pool.shutdownNow();
        if (Thread.currentThread() instanceof OwnThread) {
            return;
        }
        try {
            pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class OwnThread extends Thread {
        OwnThread(Runnable task, String name) {
            super(task, name);
        }
    }
}
