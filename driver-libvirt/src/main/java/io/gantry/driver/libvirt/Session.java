package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.LibvirtPort;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with the threads that may use it. They are platform threads, since libvirt keeps errors by native
 * thread; they appear when needed and go when idle. A session that is given up is closed when its last call has come
 * back, on a thread of its own.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final long IDLE_SECONDS = 30;

    private final String host;
    private final LibvirtPort port;
    private final Map<Lane, ThreadPoolExecutor> lanes = new EnumMap<>(Lane.class);

    Session(String host, LibvirtPort port) {
        this.host = host;
        this.port = port;
        AtomicInteger numbers = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, "gantry-libvirt-" + host + "-" + numbers.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        for (Lane lane : Lane.values()) {
            ThreadPoolExecutor executor = new ThreadPoolExecutor(
                    lane.threads(),
                    lane.threads(),
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(lane.queued()),
                    threads);
            executor.allowCoreThreadTimeOut(true);
            lanes.put(lane, executor);
        }
    }

    /**
     * Hands a call to the threads of a lane.
     *
     * @throws java.util.concurrent.RejectedExecutionException if too many wait, or the session was given up
     */
    <T> PendingCall<T> submit(Lane lane, PortCall<T> call) {
        PendingCall<T> pending = new PendingCall<>(port, call);
        executor(lane).execute(pending);
        return pending;
    }

    private ThreadPoolExecutor executor(Lane lane) {
        ThreadPoolExecutor executor = lanes.get(lane);
        if (executor == null) {
            throw new IllegalStateException("no threads for " + lane);
        }
        return executor;
    }

    /**
     * Gives the session up. Does not block.
     *
     * @param whenClosed run when its connection is freed, which a daemon that does not answer can delay
     * @return the thread that closes it
     */
    Thread abandon(Runnable whenClosed) {
        port.abandon();
        lanes.values().forEach(ThreadPoolExecutor::shutdown);
        Thread closer = new Thread(() -> close(whenClosed), "gantry-libvirt-" + host + "-close");
        closer.setDaemon(true);
        closer.start();
        return closer;
    }

    private void close(Runnable whenClosed) {
        try {
            for (ThreadPoolExecutor executor : lanes.values()) {
                while (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    LOG.info("Host {}: a call on a connection that was given up is still without an answer", host);
                }
            }
            port.close();
        } catch (InterruptedException e) {
            // Freeing the connection under a call in progress would crash the process: it stays.
            LOG.warn("Host {}: a connection that was given up was left open", host, e);
        } finally {
            whenClosed.run();
        }
    }

    static boolean join(Thread closer, Duration patience) {
        try {
            closer.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !closer.isAlive();
    }
}
