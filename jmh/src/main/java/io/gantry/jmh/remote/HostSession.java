package io.gantry.jmh.remote;

import io.gantry.driver.sim.SimDriver;
import io.gantry.driver.sim.SimFleet;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.MigrationJob;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process's connection to one host; it lasts as long as the socket on which its events are sent. */
final class HostSession {
    static final int GUEST_EVENT = 1;
    static final int DISCONNECTED = 2;
    static final int CONNECTED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HostSession.class);

    private final SimFleet fleet;
    private final Wire wire;
    private final Map<Integer, MigrationJob> jobs = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile @Nullable HostConnection connection;

    HostSession(SimFleet fleet, Wire wire) {
        this.fleet = fleet;
        this.wire = wire;
    }

    /** Connects, and sends events until the socket ends. */
    void run(int number, Runnable ready) throws IOException {
        HostEndpoint endpoint = wire.read(HostEndpoint.class);
        // A thread of its own: a process that is stopped holds up nobody else's events.
        ExecutorService events = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "gantry-remote-events");
            thread.setDaemon(true);
            return thread;
        });
        try (SimDriver driver = fleet.driver(events)) {
            synchronized (wire) {
                try {
                    connection = driver.connect(endpoint, new Forwarder());
                } catch (RuntimeException e) {
                    wire.number(Wire.FAILURE);
                    wire.failure(e);
                    wire.flush();
                    return;
                }
                ready.run();
                wire.number(Wire.RESULT);
                wire.number(number);
                wire.flush();
            }
            wire.readNumber();
        } finally {
            events.shutdownNow();
        }
    }

    int keep(MigrationJob job) {
        int number = numbers.incrementAndGet();
        jobs.put(number, job);
        return number;
    }

    @Nullable
    Object target(Face face, int job) {
        Optional<HostConnection> open = Optional.ofNullable(connection);
        return switch (face) {
            case HOST -> open.orElse(null);
            case DISKS -> open.flatMap(HostConnection::disks).orElse(null);
            case SOURCE -> open.flatMap(HostConnection::migrationSource).orElse(null);
            case TARGET -> open.flatMap(HostConnection::migrationTarget).orElse(null);
            case JOB -> jobs.get(job);
            case MACHINES -> null;
        };
    }

    private final class Forwarder implements HostListener {
        @Override
        public void onGuestEvent(GuestEvent event) {
            send(GUEST_EVENT, event);
        }

        @Override
        public void onDisconnected(String reason) {
            send(DISCONNECTED, reason);
        }

        @Override
        public void onConnected() {
            send(CONNECTED, "");
        }

        private void send(int kind, Object what) {
            synchronized (wire) {
                try {
                    wire.number(kind);
                    wire.value(what);
                    wire.flush();
                } catch (IOException e) {
                    LOG.debug("The listener is gone", e);
                }
            }
        }
    }
}
