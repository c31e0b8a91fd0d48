package io.gantry.core.operation;

import io.gantry.core.state.NodeRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This control node's lease in the store: while it holds, other nodes leave its operations alone. Expiry is judged by the
 * store's clock alone; what this process may still do is judged by its own monotonic clock, counted from before the
 * renewal was sent, so that it stops no later than others may begin.
 */
final class NodeLease {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);

    private final State state;
    private final String id;
    private final Duration ttl;
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile long validUntil = System.nanoTime();
    private long epoch;

    NodeLease(State state, String id, Duration ttl) {
        this.state = state;
        this.id = id;
        this.ttl = ttl;
    }

    String id() {
        return id;
    }

    Duration ttl() {
        return ttl;
    }

    /** Takes the node's place: an earlier process of the same id is fenced from now on. */
    void join() {
        long sent = System.nanoTime();
        epoch = state.transact(tx -> {
            Optional<Table.Entry<NodeRow>> entry = state.nodes().get(tx, id);
            NodeRow mine = new NodeRow(
                    id,
                    entry.map(found -> found.value().epoch() + 1).orElse(1L),
                    tx.now().plus(ttl));
            entry.ifPresentOrElse(
                    found -> state.nodes().update(tx, found, mine),
                    () -> state.nodes().insert(tx, mine));
            return mine.epoch();
        });
        validUntil = sent + ttl.toNanos();
        LOG.debug("Control node {} has joined with epoch {}", id, epoch);
    }

    /**
     * Renews the lease.
     *
     * @return whether it is still this process's; false if another process has taken the node's place
     */
    boolean renew() {
        long sent = System.nanoTime();
        boolean mine = state.transact(tx -> {
            Optional<Table.Entry<NodeRow>> entry = state.nodes().get(tx, id);
            if (entry.isEmpty() || entry.get().value().epoch() != epoch) {
                return false;
            }
            state.nodes()
                    .update(tx, entry.get(), new NodeRow(id, epoch, tx.now().plus(ttl)));
            return true;
        });
        if (mine) {
            validUntil = sent + ttl.toNanos();
        }
        return mine;
    }

    /** {@return whether this process may still act for its operations} A store that nobody else has open needs no lease. */
    boolean holds() {
        return !released.get() && (!state.shared() || System.nanoTime() < validUntil);
    }

    /** Refuses to accept work while the lease does not hold: another node might take it over before it begins. */
    void requireHeld() {
        if (!holds()) {
            throw new LeaseLost(id);
        }
    }

    /** {@return whether this node is the first by name of those whose leases hold} */
    boolean leads() {
        return holds()
                && (!state.shared()
                        || state.<Boolean>read(tx -> state.nodes().all(tx).stream()
                                .map(Table.Entry::value)
                                .filter(node -> !isExpired(tx, node))
                                .allMatch(node -> id.compareTo(node.id()) <= 0)));
    }

    /** {@return what this node has to do, where each of those whose leases hold does its part} */
    Predicate<String> share() {
        if (!state.shared()) {
            return name -> true;
        }
        List<String> live = state.read(tx -> state.nodes().all(tx).stream()
                .map(Table.Entry::value)
                .filter(node -> !isExpired(tx, node))
                .map(NodeRow::id)
                .sorted()
                .toList());
        int mine = live.indexOf(id);
        // Mixed, since neighbours' hashes differ by little, and the parts of a round are made of them too.
        return name -> mine < 0 || Math.floorMod((name.hashCode() * 0x9e3779b9) >>> 7, live.size()) == mine;
    }

    /** {@return the other nodes of which the lease has run out} */
    List<String> expired() {
        boolean shared = state.shared();
        return state.transact(tx -> state.nodes().all(tx).stream()
                .map(Table.Entry::value)
                .filter(node -> !node.id().equals(id))
                .filter(node -> !shared || isExpired(tx, node))
                .map(NodeRow::id)
                .toList());
    }

    /** {@return whether a node's lease has run out, or it has none} */
    boolean isDead(Transaction tx, String node) {
        return !state.shared()
                || state.nodes()
                        .get(tx, node)
                        .map(entry -> isExpired(tx, entry.value()))
                        .orElse(true);
    }

    private static boolean isExpired(Transaction tx, NodeRow node) {
        return node.expiresAt().isBefore(tx.now());
    }

    /** Forgets a node that is gone and of which nothing is left to carry on. */
    void forget(String node) {
        state.change(tx -> state.nodes()
                .get(tx, node)
                .filter(entry -> !state.shared() || isExpired(tx, entry.value()))
                .ifPresent(entry -> state.nodes().delete(tx, entry)));
    }

    /** Gives the lease back: others may carry on at once. */
    void release() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        try {
            state.change(tx -> state.nodes()
                    .get(tx, id)
                    .filter(entry -> entry.value().epoch() == epoch)
                    .ifPresent(entry -> state.nodes().delete(tx, entry)));
        } catch (ComputeException e) {
            LOG.info("The lease of control node {} was not given back; it runs out by itself", id, e);
        }
    }
}
