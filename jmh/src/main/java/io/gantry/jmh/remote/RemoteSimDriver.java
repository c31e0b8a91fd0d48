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
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaches the hosts of another process's {@link RemoteFleet}, by the name of the driver that is simulated there. All its
 * connections and calls share one socket; where that breaks, all connections are lost, and those that are opened later
 * have a new one. Safe for use by many threads.
 */
public final class RemoteSimDriver implements HypervisorDriver {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteSimDriver.class);
    private static final Object[] NOTHING = {};
    private static final String GONE = "the machine room is gone";

    private final int port;
    private final Json json = new Json();
    private final Stripes events = new Stripes("gantry-remote-listener");
    private @Nullable Trunk shared;
    private boolean closed;

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

    private synchronized Trunk trunk() throws IOException {
        if (closed) {
            throw new IOException("The driver is closed");
        }
        if (shared == null || shared.isBroken()) {
            shared = Trunk.asking(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        return shared;
    }

    /** {@return what is done to the machines there} */
    public Machines machines() {
        return (Machines) stub(Face.MACHINES, "machines", (method, arguments) -> {
            try (Channel channel = trunk().open()) {
                Wire wire = new Wire(channel, json);
                wire.number(Wire.MACHINE);
                return Invocation.call(wire, method, arguments, "machines", answer -> NOTHING);
            }
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
            Trunk trunk = trunk();
            Channel channel = trunk.open();
            Wire wire = new Wire(channel, json);
            wire.number(Wire.CONNECT);
            wire.value(endpoint);
            wire.flush();
            if (wire.readNumber() == Wire.FAILURE) {
                Throwable failure = wire.readFailure();
                channel.close();
                throw failure instanceof ComputeException refused
                        ? refused
                        : new HostUnreachable(host, "it did not connect", failure);
            }
            Link link = new Link(host, trunk, channel, new AtomicBoolean());
            channel.listen(new Ear(listener, link), events.of(channel.number()));
            return (HostConnection) face(new Invocation.Answer(Face.HOST, 0), link);
        } catch (IOException e) {
            throw new HostUnreachable(host, GONE, e);
        }
    }

    /** A connection: its host, the socket that it lasts as long as, its own conversation there, and whether it is closed. */
    private record Link(String host, Trunk trunk, Channel channel, AtomicBoolean closed) {}

    /** Tells an engine's listener what a host says. */
    private final class Ear implements Channel.Listener {
        private final HostListener listener;
        private final Link link;

        Ear(HostListener listener, Link link) {
            this.listener = listener;
            this.link = link;
        }

        @Override
        public void onFrame(byte[] frame) {
            if (link.closed().get()) {
                return;
            }
            try {
                Wire wire = new Wire(link.channel(), frame, json);
                switch (wire.readNumber()) {
                    case HostSession.GUEST_EVENT -> listener.onGuestEvent(wire.read(GuestEvent.class));
                    case HostSession.DISCONNECTED -> listener.onDisconnected(wire.read(String.class));
                    default -> listener.onConnected();
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("What {} said was not heard", link.host(), e);
            }
        }

        @Override
        public void onBroken() {
            if (!link.closed().get()) {
                listener.onDisconnected(GONE);
            }
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
        if (link.closed().get()) {
            throw new HostUnreachable(link.host(), "the connection is closed", null);
        }
        Channel channel;
        try {
            channel = link.trunk().open();
        } catch (IOException e) {
            throw new HostUnreachable(link.host(), GONE, e);
        }
        try (channel) {
            Wire wire = new Wire(channel, json);
            wire.number(Wire.CALL);
            wire.number(link.channel().number());
            wire.value(target.face());
            wire.number(target.job());
            return Invocation.call(wire, method, arguments, link.host(), answer -> face(answer, link));
        } catch (IOException e) {
            if (Set.of(method.getExceptionTypes()).contains(IOException.class)) {
                throw e;
            }
            throw new OutcomeUnknown(link.host(), "the connection broke during " + method.getName(), e);
        }
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

    private static void close(Link link) {
        if (link.closed().compareAndSet(false, true)) {
            try {
                Wire wire = new Wire(link.channel(), new byte[0], new Json());
                wire.number(Wire.END);
                wire.flush();
            } catch (IOException e) {
                LOG.debug("The connection to {} is broken, and closed with that", link.host(), e);
            }
            link.channel().close();
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        Trunk last;
        synchronized (this) {
            closed = true;
            last = shared;
            shared = null;
        }
        if (last != null) {
            last.close();
        }
        events.close();
    }
}
