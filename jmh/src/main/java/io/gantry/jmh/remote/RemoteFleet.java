package io.gantry.jmh.remote;

import io.gantry.core.state.Json;
import io.gantry.driver.sim.SimFleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    private final ExecutorService calls = Executors.newCachedThreadPool(work -> thread("gantry-remote-call", work));
    private final Set<NodeSessions> nodes = ConcurrentHashMap.newKeySet();

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
                thread("gantry-remote-node", () -> serve(socket)).start();
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
        try (NodeSessions node = new NodeSessions(fleet, socket, json, calls)) {
            nodes.add(node);
            try {
                if (!server.isClosed()) {
                    node.run();
                }
            } finally {
                nodes.remove(node);
            }
        } catch (IOException e) {
            LOG.debug("The caller was killed at once", e);
        }
    }

    /** Breaks the connections of all processes; they may connect again. */
    void dropNodes() {
        nodes.forEach(NodeSessions::close);
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        dropNodes();
        calls.shutdown();
    }
}
