package io.gantry.core.placement;

import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.spi.store.Transaction;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The providers that serve one host, read within one transaction, each at most once. */
final class HostTree {
    private final State state;
    private final Transaction tx;
    private final Table.Entry<ProviderRow> root;
    private final Map<String, Table.Entry<ProviderRow>> read = new HashMap<>();

    HostTree(State state, Transaction tx, HostId host) {
        this.state = state;
        this.tx = tx;
        this.root = state.providers()
                .get(tx, host.value())
                .filter(entry -> entry.value().host())
                .orElseThrow(() -> new NotFound(host.ref(), "List the hosts with compute.hosts().list()"));
        read.put(host.value(), root);
    }

    ProviderRow root() {
        return root.value();
    }

    /** {@return a provider as it was read} */
    Table.Entry<ProviderRow> entry(String id) {
        return read.computeIfAbsent(
                id,
                key -> state.providers()
                        .get(tx, key)
                        .orElseThrow(
                                () -> new IllegalStateException("Claims name provider " + key + ", which is gone")));
    }

    /** {@return the host's own provider and its parts, by id} */
    List<ProviderRow> members() {
        return state.providers().find(tx, "root", root().id()).stream()
                .map(this::remember)
                .toList();
    }

    /** {@return the pools that the host shares, by id} */
    List<ProviderRow> pools() {
        if (root().aggregates().isEmpty()) {
            return List.of();
        }
        return state.providers().find(tx, "shared", "true").stream()
                .filter(entry -> serves(entry.value(), root()))
                .map(this::remember)
                .toList();
    }

    private ProviderRow remember(Table.Entry<ProviderRow> entry) {
        read.putIfAbsent(entry.value().id(), entry);
        return entry.value();
    }

    /** {@return whether a host shares a pool} */
    static boolean serves(ProviderRow pool, ProviderRow host) {
        return !Collections.disjoint(pool.aggregates(), host.aggregates());
    }

    /** {@return the pool to look at for a class: the one with most room; empty if none has that class} */
    static Optional<ProviderRow> roomiest(Collection<ProviderRow> pools, String resource) {
        return pools.isEmpty()
                ? Optional.empty()
                : pools.stream()
                        .filter(pool -> pool.inventories().containsKey(resource))
                        .max((a, b) -> Long.compare(
                                a.capacity(resource) - a.usedOf(resource), b.capacity(resource) - b.usedOf(resource)));
    }
}
