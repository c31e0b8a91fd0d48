package io.gantry.core.operation;

import io.gantry.host.HostId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of the lanes. A lane without work has none. */
public final class Lanes implements AutoCloseable {
    private static final int CONTROL_THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());
    private static final int HOST_THREADS = 8;
    private static final int MIGRATION_THREADS = 4;
    private static final int SYNC_THREADS = 2;
    private static final int WAITING_THREADS = 256;
    private static final long KEEP_ALIVE_SECONDS = 5;

    private final ThreadFactory threads;
    private final Map<Lane, ThreadPoolExecutor> executors = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Creates lanes.
     *
     * @param threads makes their threads
     */
    public Lanes(ThreadFactory threads) {
        this.threads = threads;
    }

    /** {@return what runs work in a lane} */
    public Executor executor(Lane lane) {
        ThreadPoolExecutor executor = executors.computeIfAbsent(lane, this::open);
        if (closed) {
            executor.shutdownNow();
        }
        return executor;
    }

    /** {@return whether the lanes are closed: what fails then has failed for that reason} */
    boolean closed() {
        return closed;
    }

    /** Ends the lanes of a host that is no longer there. */
    public void remove(HostId host) {
        for (Lane lane : List.of(new Lane.OnHost(host), new Lane.Migration(host), new Lane.Sync(host))) {
            ThreadPoolExecutor executor = executors.remove(lane);
            if (executor != null) {
                executor.shutdown();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        executors.values().forEach(ThreadPoolExecutor::shutdownNow);
        long end = System.nanoTime() + Duration.ofSeconds(KEEP_ALIVE_SECONDS).toNanos();
        for (ThreadPoolExecutor executor : executors.values()) {
            try {
                executor.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private ThreadPoolExecutor open(Lane lane) {
        int size;
        String name;
        if (lane instanceof Lane.OnHost on) {
            size = HOST_THREADS;
            name = "host-" + on.host();
        } else if (lane instanceof Lane.Migration migration) {
            size = MIGRATION_THREADS;
            name = "migration-" + migration.source();
        } else if (lane instanceof Lane.Sync sync) {
            size = SYNC_THREADS;
            name = "sync-" + sync.host();
        } else if (lane instanceof Lane.Waiting) {
            size = WAITING_THREADS;
            name = "waiting";
        } else {
            size = CONTROL_THREADS;
            name = "control";
        }
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                size, size, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = threads.newThread(work);
                    thread.setName("gantry-" + name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
