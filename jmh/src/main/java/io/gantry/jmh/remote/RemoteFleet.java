package io.gantry.jmh.remote;

import io.gantry.core.state.Json;
import io.gantry.driver.sim.SimFleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other processes of this machine use a fleet, by {@link RemoteSimDriver}. What a process asked for before it was
 * killed is finished; nothing else happens to guests when it goes away. Safe for use by many threads.
 */
public final class RemoteFleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteFleet.class);

    private final SimFleet fleet;
    private final ServerSocket server;
    private final Json json = new Json();
    private final Map<Integer, HostSession> sessions = new ConcurrentHashMap<>();
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();

    private RemoteFleet(SimFleet fleet, ServerSocket server) {
        this.fleet = fleet;
        this.server = server;
    }

    /**
     * Begins to listen on a free port of the loopback interface.
     *
     * @param fleet the hosts; not closed by {@link #close}
     * @return the server
     */
    public static RemoteFleet serve(SimFleet fleet) {
        try {
            ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            RemoteFleet remote = new RemoteFleet(fleet, server);
            thread("gantry-remote-accept", remote::accept).start();
            return remote;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return where it listens} */
    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                thread("gantry-remote-call", () -> serve(socket)).start();
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
                LOG.debug("The server is closed", e);
            }
        }
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void serve(Socket socket) {
        try (Wire wire = new Wire(socket, json)) {
            wires.add(wire);
            try {
                while (!server.isClosed() && serveOne(wire)) {
                    wire.flush();
                }
            } finally {
                wires.remove(wire);
            }
        } catch (IOException e) {
            LOG.debug("A caller was killed in the midst of what it was doing, or the server is closed", e);
        }
    }

    private boolean serveOne(Wire wire) throws IOException {
        switch (wire.readNumber()) {
            case Wire.CONNECT -> {
                int number = numbers.incrementAndGet();
                HostSession session = new HostSession(fleet, wire);
                try {
                    session.run(number, () -> sessions.put(number, session));
                } finally {
                    sessions.remove(number);
                }
                return false;
            }
            case Wire.CALL -> {
                HostSession session = sessions.get(wire.readNumber());
                Face face = wire.read(Face.class);
                Object target = session == null ? null : session.target(face, wire.readNumber());
                if (session == null || target == null) {
                    throw new IOException("The connection is closed");
                }
                Invocation.serve(wire, face, target, session::keep);
                return true;
            }
            case Wire.MACHINE -> {
                Invocation.serve(wire, Face.MACHINES, machines(fleet), job -> 0);
                return true;
            }
            case Wire.END -> {
                return false;
            }
            default -> throw new IOException("Unknown request");
        }
    }

    /** {@return what is done to the fleet's machines from this process} */
    public static Machines machines(SimFleet fleet) {
        return new Machines() {
            @Override
            public void powerFail(String host) {
                fleet.host(host).powerFail();
            }

            @Override
            public void powerOn(String host) {
                fleet.host(host).powerOn();
            }
        };
    }

    /** Stops listening and closes all connections; the fleet stays. Closing twice does nothing. */
    @Override
    public void close() {
        try {
            server.close();
            for (Wire wire : wires) {
                wire.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
