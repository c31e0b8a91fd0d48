package io.gantry.core.host;

import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.host.HostState;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.HypervisorDriver;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drivers and the open connections. */
public final class HostRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostRegistry.class);

    private final Map<String, HypervisorDriver> drivers;
    private final Map<HostId, Connected> hosts = new ConcurrentHashMap<>();
    private final GuestSignals signals = new GuestSignals();
    private final List<Consumer<HostId>> watchers = new CopyOnWriteArrayList<>();

    private record Connected(HostConnection connection, Link link, Set<Integer> dedicatedCpus) {}

    /** Told what is heard from hosts; called from the drivers' threads, hence it only takes note. */
    public interface Observer {
        /** A guest changed. */
        void onGuestEvent(HostId host, GuestEvent event);

        /** A host became reachable, or ceased to be. */
        void onHostState(HostId host, HostState state, String reason);
    }

    /**
     * Creates a registry.
     *
     * @param drivers by name
     */
    public HostRegistry(Map<String, HypervisorDriver> drivers) {
        this.drivers = Map.copyOf(drivers);
    }

    /** {@return lets steps wait for guests} */
    public GuestSignals signals() {
        return signals;
    }

    /**
     * Connects to a host.
     *
     * @param observer told what is heard from it
     * @return the connection, not yet registered
     * @throws InvalidRequest if the driver is unknown
     */
    public Candidate connect(HostSpec spec, Observer observer) {
        HypervisorDriver driver = drivers.get(spec.driver());
        if (driver == null) {
            throw new InvalidRequest(
                    "host.driver",
                    spec.driver(),
                    "is no driver of this engine",
                    "Use one of " + new TreeMap<>(drivers).keySet() + ", or add the driver to the engine's builder");
        }
        Link link = new Link(spec.id(), observer);
        HostConnection connection =
                driver.connect(new HostEndpoint(spec.id(), spec.connection(), spec.properties()), link);
        return new Candidate(spec.id(), new Connected(connection, link, spec.dedicatedCpus()));
    }

    /** A connection that is open, but not yet used. */
    public final class Candidate {
        private final HostId id;
        private final Connected connected;

        private Candidate(HostId id, Connected connected) {
            this.id = id;
            this.connected = connected;
        }

        /** {@return the connection} */
        public HostConnection connection() {
            return connected.connection();
        }

        /** Makes the connection the host's. */
        public void register() {
            hosts.put(id, connected);
            stateChanged(id);
        }

        /** Closes the connection, since the host could not be registered. */
        public void discard() {
            connected.connection().close();
        }
    }

    /** Closes a host's connection. */
    public void remove(HostId id) {
        Connected connected = hosts.remove(id);
        if (connected != null) {
            connected.connection().close();
            stateChanged(id);
        }
    }

    /** Tells somebody, besides, which hosts' state may have changed; called from the drivers' threads, hence to be brief. */
    public void onStateChange(Consumer<HostId> watcher) {
        watchers.add(watcher);
    }

    private void stateChanged(HostId host) {
        watchers.forEach(watcher -> watcher.accept(host));
    }

    /**
     * {@return a host's connection}
     *
     * @throws HostUnreachable if it is not connected
     */
    public HostConnection connection(HostId id) {
        Connected connected = hosts.get(id);
        if (connected == null) {
            throw new HostUnreachable(id.value(), "this control node is not connected to it", null);
        }
        return connected.connection();
    }

    /** {@return the CPUs that were named for dedicated vCPUs when a host was registered; none if it is not connected} */
    public Set<Integer> dedicatedCpus(HostId id) {
        Connected connected = hosts.get(id);
        return connected == null ? Set.of() : connected.dedicatedCpus();
    }

    /** {@return whether there is a connection to a host, working or not} */
    public boolean isConnected(HostId id) {
        return hosts.containsKey(id);
    }

    /** {@return whether a host can be reached, as far as is known} */
    public HostState state(HostId id) {
        Connected connected = hosts.get(id);
        return connected == null ? HostState.DOWN : connected.link().state;
    }

    /** {@return how many hosts are registered} */
    int count() {
        return hosts.size();
    }

    /** {@return the registered hosts} */
    public List<HostId> ids() {
        return hosts.keySet().stream().sorted().toList();
    }

    @Override
    public void close() {
        ids().forEach(this::remove);
        drivers.values().forEach(driver -> {
            try {
                driver.close();
            } catch (ComputeException e) {
                LOG.warn("Driver {} did not close", driver.name(), e);
            }
        });
    }

    /** What one host's driver reports, and what follows for its state. */
    private final class Link implements HostListener {
        private final HostId host;
        private final Observer observer;
        private volatile HostState state = HostState.UP;

        Link(HostId host, Observer observer) {
            this.host = host;
            this.observer = observer;
        }

        @Override
        public void onGuestEvent(GuestEvent event) {
            signals.tell(event);
            observer.onGuestEvent(host, event);
        }

        @Override
        public void onDisconnected(String reason) {
            state = HostState.DOWN;
            stateChanged(host);
            observer.onHostState(host, HostState.DOWN, reason);
        }

        @Override
        public void onConnected() {
            state = HostState.UP;
            stateChanged(host);
            observer.onHostState(host, HostState.UP, "connected");
        }
    }
}
