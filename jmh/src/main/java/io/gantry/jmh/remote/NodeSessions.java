package io.gantry.jmh.remote;

import io.gantry.core.state.Json;
import io.gantry.driver.sim.SimDriver;
import io.gantry.driver.sim.SimFleet;
import io.gantry.error.HostUnreachable;
import io.gantry.spi.driver.HostEndpoint;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one process has at the fleet: connections to hosts, on one socket. What it asks is done by as many threads as calls
 * are under way, so that calls to one host never wait for those to another one.
 */
final class NodeSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSessions.class);
    private static final int EVENT_THREADS = 2;

    private final SimFleet fleet;
    private final Json json;
    private final ExecutorService calls;
    private final ExecutorService events;
    private final SimDriver driver;
    private final Trunk trunk;
    private final Map<Integer, HostSession> sessions = new ConcurrentHashMap<>();

    /**
     * Begins with a process.
     *
     * @param calls does what is asked; of as many threads as are needed
     */
    NodeSessions(SimFleet fleet, Socket socket, Json json, ExecutorService calls) throws IOException {
        this.fleet = fleet;
        this.json = json;
        this.calls = calls;
        // Threads of its own: a process that is stopped holds up nobody else's events.
        this.events = Executors.newFixedThreadPool(EVENT_THREADS, work -> {
            Thread thread = new Thread(work, "gantry-remote-events");
            thread.setDaemon(true);
            return thread;
        });
        this.driver = fleet.driver(events);
        this.trunk = Trunk.answering(socket, channel -> calls.execute(() -> serve(channel)));
    }

    /** Serves the process until its socket ends. */
    void run() {
        try {
            trunk.read();
        } finally {
            driver.close();
            events.shutdownNow();
        }
    }

    private void serve(Channel channel) {
        Wire wire = new Wire(channel, json);
        boolean stays = false;
        try {
            stays = serve(wire, channel);
        } catch (IOException e) {
            LOG.debug("The caller was killed in the midst of what it was doing, or the server is closed", e);
        } finally {
            if (!stays) {
                wire.close();
            }
        }
    }

    private boolean serve(Wire wire, Channel channel) throws IOException {
        switch (wire.readNumber()) {
            case Wire.CONNECT -> {
                HostEndpoint endpoint = wire.read(HostEndpoint.class);
                return connect(new HostSession(wire, endpoint.host().value()), endpoint, channel);
            }
            case Wire.CALL -> call(wire);
            case Wire.MACHINE -> Invocation.serve(wire, Face.MACHINES, RemoteFleet.machines(fleet), job -> 0);
            default -> throw new IOException("Unknown request");
        }
        wire.flush();
        return false;
    }

    private boolean connect(HostSession session, HostEndpoint endpoint, Channel channel) throws IOException {
        sessions.put(channel.number(), session);
        if (!session.connect(driver, endpoint)) {
            sessions.remove(channel.number());
            return false;
        }
        channel.listen(
                new Channel.Listener() {
                    @Override
                    public void onFrame(byte[] end) {
                        close(channel.number());
                    }

                    @Override
                    public void onBroken() {
                        close(channel.number());
                    }
                },
                calls);
        return true;
    }

    private void close(int number) {
        HostSession session = sessions.remove(number);
        if (session != null) {
            session.close();
        }
    }

    private void call(Wire wire) throws IOException {
        HostSession session = sessions.get(wire.readNumber());
        Face face = wire.read(Face.class);
        Object target = session == null ? null : session.target(face, wire.readNumber());
        if (session == null || target == null) {
            wire.number(Wire.FAILURE);
            wire.failure(new HostUnreachable(
                    session == null ? "of the call" : session.host(), "the connection is closed", null));
            return;
        }
        Invocation.serve(wire, face, target, session::keep);
    }

    @Override
    public void close() {
        trunk.close();
    }
}
