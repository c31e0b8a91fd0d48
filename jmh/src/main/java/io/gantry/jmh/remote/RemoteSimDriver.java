package io.gantry.jmh.remote;

import io.gantry.core.state.Json;
import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.OutcomeUnknown;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.HypervisorDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaches the hosts of another process's {@link RemoteFleet}, by the name of the driver that is simulated there. Each call
 * under way has a socket of its own. Safe for use by many threads.
 */
public final class RemoteSimDriver implements HypervisorDriver {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteSimDriver.class);
    private static final Object[] NOTHING = {};

    private final int port;
    private final Json json = new Json();
    private final ConcurrentLinkedDeque<Wire> idle = new ConcurrentLinkedDeque<>();
    private final Set<Wire> events = ConcurrentHashMap.newKeySet();

    private RemoteSimDriver(int port) {
        this.port = port;
    }

    /**
     * {@return a driver for the hosts of a fleet}
     *
     * @param port where {@link RemoteFleet} listens
     */
    public static RemoteSimDriver of(int port) {
        return new RemoteSimDriver(port);
    }

    /** {@return what is done to the machines there} */
    public Machines machines() {
        return (Machines) stub(Face.MACHINES, "machines", (method, arguments) -> {
            Wire wire = open();
            wire.number(Wire.MACHINE);
            Object result = Invocation.call(wire, method, arguments, "machines", answer -> NOTHING);
            idle.push(wire);
            return result;
        });
    }

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public HostConnection connect(HostEndpoint endpoint, HostListener listener) {
        String host = endpoint.host().value();
        try {
            Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port), json);
            wire.number(Wire.CONNECT);
            wire.value(endpoint);
            wire.flush();
            if (wire.readNumber() == Wire.FAILURE) {
                Throwable failure = wire.readFailure();
                wire.close();
                throw failure instanceof ComputeException refused
                        ? refused
                        : new HostUnreachable(host, "it did not connect", failure);
            }
            int number = wire.readNumber();
            events.add(wire);
            Thread reader = new Thread(() -> listen(wire, listener), "gantry-remote-listener");
            reader.setDaemon(true);
            reader.start();
            return (HostConnection) face(new Invocation.Answer(Face.HOST, 0), new Link(host, number, wire));
        } catch (IOException e) {
            throw new HostUnreachable(host, "the machine room is gone", e);
        }
    }

    /** A connection: its host, its number there, and the socket that it lasts as long as. */
    private record Link(String host, int number, Wire events) {}

    private void listen(Wire wire, HostListener listener) {
        try {
            while (true) {
                switch (wire.readNumber()) {
                    case HostSession.GUEST_EVENT -> listener.onGuestEvent(wire.read(GuestEvent.class));
                    case HostSession.DISCONNECTED -> listener.onDisconnected(wire.read(String.class));
                    default -> {
                        wire.readText();
                        listener.onConnected();
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("The connection is closed", e);
        }
    }

    private Object face(Invocation.Answer answer, Link link) {
        Face face = answer.face();
        return stub(face, face + " of " + link.host(), (method, arguments) -> {
            if (face == Face.HOST && method.getName().equals("close")) {
                close(link);
                return null;
            }
            return call(answer, link, method, arguments);
        });
    }

    private @Nullable Object call(Invocation.Answer target, Link link, Method method, Object[] arguments)
            throws Throwable {
        Wire wire;
        try {
            wire = open();
        } catch (IOException e) {
            throw new HostUnreachable(link.host(), "the machine room is gone", e);
        }
        boolean whole = false;
        try {
            wire.number(Wire.CALL);
            wire.number(link.number());
            wire.value(target.face());
            wire.number(target.job());
            Object result = Invocation.call(wire, method, arguments, link.host(), answer -> face(answer, link));
            whole = true;
            return result;
        } catch (ComputeException e) {
            whole = true;
            throw e;
        } catch (IOException e) {
            if (Set.of(method.getExceptionTypes()).contains(IOException.class)) {
                throw e;
            }
            throw new OutcomeUnknown(link.host(), "the connection broke during " + method.getName(), e);
        } finally {
            if (whole) {
                idle.push(wire);
            } else {
                wire.close();
            }
        }
    }

    private Wire open() throws IOException {
        Wire wire = idle.poll();
        return wire == null ? new Wire(new Socket(InetAddress.getLoopbackAddress(), port), json) : wire;
    }

    private interface Handler {
        @Nullable
        Object call(Method method, Object[] arguments) throws Throwable;
    }

    private static Object stub(Face face, String name, Handler handler) {
        return Proxy.newProxyInstance(
                RemoteSimDriver.class.getClassLoader(), new Class<?>[] {face.type()}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() != Object.class) {
                        return handler.call(method, arguments == null ? NOTHING : arguments);
                    }
                    return switch (method.getName()) {
                        case "toString" -> name;
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> arguments != null && proxy == arguments[0];
                    };
                });
    }

    private void close(Link link) {
        if (events.remove(link.events())) {
            close(link.events());
        }
    }

    private static void close(Wire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        Set.copyOf(events).forEach(wire -> {
            events.remove(wire);
            close(wire);
        });
        for (Wire wire = idle.poll(); wire != null; wire = idle.poll()) {
            close(wire);
        }
    }
}
