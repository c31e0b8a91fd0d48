package io.gantry.core.host;

import io.gantry.core.state.HostRow;
import io.gantry.core.state.State;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this control node connected to the hosts that the store lists: those of an earlier process at the start, and those
 * that other nodes register or remove later. A host that does not answer is tried again and again.
 */
public final class HostDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(HostDirectory.class);

    private final State state;
    private final HostRegistry registry;
    private final HostRegistry.Observer observer;
    private final Supplier<? extends Collection<HostRow>> listing;
    private final Function<HostId, Executor> executors;
    private final Set<HostId> connecting = ConcurrentHashMap.newKeySet();
    private final Set<HostId> silent = new HashSet<>();

    /**
     * Creates a directory.
     *
     * @param listing the hosts that the store lists, as they are known here: asked often, so that it does not read them
     * @param executors run the connecting, so that one silent host delays no other
     */
    public HostDirectory(
            State state,
            HostRegistry registry,
            HostRegistry.Observer observer,
            Supplier<? extends Collection<HostRow>> listing,
            Function<HostId, Executor> executors) {
        this.state = state;
        this.registry = registry;
        this.observer = observer;
        this.listing = listing;
        this.executors = executors;
    }

    /**
     * Connects to the hosts that this node is not connected to, and leaves those that are no longer listed.
     *
     * @return comes to zero when each host has answered or was found silent
     */
    public CountDownLatch refresh() {
        return refresh(row -> true);
    }

    /** As {@link #refresh}, but leaves hosts alone that were found silent: for calls that are close to one another. */
    public void follow() {
        refresh(row -> !isSilent(row.id()));
    }

    private CountDownLatch refresh(Predicate<HostRow> which) {
        Collection<HostRow> listed = listing.get();
        List<HostRow> unconnected =
                listed.stream().filter(row -> !registry.isConnected(row.id())).toList();
        if (registry.count() != listed.size() - unconnected.size()) {
            Set<HostId> ids = listed.stream().map(HostRow::id).collect(Collectors.toSet());
            registry.ids().stream().filter(id -> !ids.contains(id)).forEach(this::leave);
        }
        List<HostRow> missing = unconnected.stream()
                .filter(which)
                .filter(row -> connecting.add(row.id()))
                .toList();
        CountDownLatch attempts = new CountDownLatch(missing.size());
        missing.forEach(row -> executors.apply(row.id()).execute(() -> {
            try {
                connect(row);
            } finally {
                attempts.countDown();
            }
        }));
        return attempts;
    }

    /** A host that was just registered here may not be in the listing that was read before. */
    private void leave(HostId id) {
        if (!state.read(tx -> state.hosts().exists(tx, id.value()))) {
            registry.remove(id);
        }
    }

    private void connect(HostRow row) {
        try {
            HostRegistry.Candidate candidate = registry.connect(row.spec(), observer);
            candidate.register();
            note(row.id(), false);
            observer.onHostState(row.id(), HostState.UP, "connected");
        } catch (ComputeException e) {
            if (note(row.id(), true)) {
                LOG.warn("Host {} is not connected, and will be tried again", row.id(), e);
            }
        } finally {
            connecting.remove(row.id());
        }
    }

    private synchronized boolean isSilent(HostId host) {
        return silent.contains(host);
    }

    /** {@return whether that is news} */
    private synchronized boolean note(HostId host, boolean isSilent) {
        return isSilent ? silent.add(host) : silent.remove(host);
    }
}
