package io.gantry.core.operation;

import io.gantry.host.HostId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What runs the work of the lanes. Each lane has its own bound and its own queue; the threads are shared, so that there are
 * as many as work is under way, however many hosts there are. How many hosts are looked at together is bounded: a fleet that
 * comes back at once is looked at bit by bit.
 */
public final class Lanes implements AutoCloseable {
    /** How many hosts are looked at, or connected to, at the same time at most. */
    static final int LOOKING_THREADS = 256;

    static final int HOST_THREADS = 8;
    private static final int CONTROL_THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());
    private static final int MIGRATION_THREADS = 4;
    private static final int SYNC_THREADS = 2;
    private static final int WAITING_THREADS = 256;
    private static final long KEEP_ALIVE_SECONDS = 5;

    private final ThreadPoolExecutor working;
    private final Track looking;
    private final Map<Lane, Track> tracks = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Creates lanes.
     *
     * @param threads makes their threads
     */
    public Lanes(ThreadFactory threads) {
        this.working = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), named(threads));
        this.looking = new Track("gantry-sync", LOOKING_THREADS, working, this::closed);
    }

    private static ThreadFactory named(ThreadFactory threads) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = threads.newThread(work);
            thread.setName("gantry-lane-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** {@return what runs work in a lane; it refuses work once the lanes are closed} */
    public Executor executor(Lane lane) {
        return tracks.computeIfAbsent(lane, this::open);
    }

    /** {@return whether the lanes are closed: what fails then has failed for that reason} */
    boolean closed() {
        return closed;
    }

    /** Forgets the lanes of a host that is no longer there; what they were given is done. */
    public void remove(HostId host) {
        for (Lane lane : List.of(new Lane.OnHost(host), new Lane.Migration(host), new Lane.Sync(host))) {
            tracks.remove(lane);
        }
    }

    @Override
    public void close() {
        closed = true;
        working.shutdownNow();
        try {
            working.awaitTermination(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Track open(Lane lane) {
        if (lane instanceof Lane.OnHost on) {
            return new Track("gantry-host-" + on.host(), HOST_THREADS, working, this::closed);
        } else if (lane instanceof Lane.Migration migration) {
            return new Track("gantry-migration-" + migration.source(), MIGRATION_THREADS, working, this::closed);
        } else if (lane instanceof Lane.Sync sync) {
            return new Track("gantry-sync-" + sync.host(), SYNC_THREADS, looking, this::closed);
        } else if (lane instanceof Lane.Waiting) {
            return new Track("gantry-waiting", WAITING_THREADS, working, this::closed);
        }
        return new Track("gantry-control", CONTROL_THREADS, working, this::closed);
    }
}
