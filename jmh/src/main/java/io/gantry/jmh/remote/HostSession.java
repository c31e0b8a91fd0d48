package io.gantry.jmh.remote;

import io.gantry.driver.sim.SimDriver;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.MigrationJob;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process's connection to one host; its events are told in the conversation that opened it. */
final class HostSession {
    static final int GUEST_EVENT = 1;
    static final int DISCONNECTED = 2;
    static final int CONNECTED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HostSession.class);

    private final Wire wire;
    private final String host;
    private final Map<Integer, MigrationJob> jobs = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile @Nullable HostConnection connection;

    HostSession(Wire wire, String host) {
        this.wire = wire;
        this.host = host;
    }

    String host() {
        return host;
    }

    /** Connects and says so; events follow. {@return whether it did} */
    boolean connect(SimDriver driver, HostEndpoint endpoint) throws IOException {
        // No event overtakes the answer.
        synchronized (wire) {
            try {
                connection = driver.connect(endpoint, new Forwarder());
                wire.number(Wire.RESULT);
            } catch (RuntimeException e) {
                wire.number(Wire.FAILURE);
                wire.failure(e);
            }
            wire.flush();
            return connection != null;
        }
    }

    void close() {
        HostConnection open = connection;
        if (open != null) {
            open.close();
        }
        wire.close();
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
