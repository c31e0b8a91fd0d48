package io.gantry.core.placement;

import io.gantry.core.aggregate.AggregateMap;
import io.gantry.core.aggregate.HostZones;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.state.AggregateRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.RowChange;
import io.gantry.core.state.State;
import io.gantry.host.HostId;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.StoredRow;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a candidate index as the store has it: told of each change that this process makes, and comparing versions from time
 * to time, for what other control nodes changed. Safe for use by many threads.
 */
public final class CandidateFeed {
    private final State state;
    private final HostZones zones;
    private final HostRegistry registry;
    private final CandidateIndex index;
    private final IoOperations ioOperations;
    private final BuildFailures buildFailures;
    private final TableCopy<HostRow> hosts;
    private final TableCopy<ProviderRow> providers;
    private final TableCopy<AggregateRow> aggregateRows;
    private final Set<String> pools = new HashSet<>();
    private AggregateMap aggregates;

    /**
     * Creates a feed, which is told of changes from now on; {@link #compare} fills the index.
     *
     * @param index what it feeds
     */
    public CandidateFeed(
            State state, HostZones zones, HostRegistry registry, CandidateIndex index, BuildFailures buildFailures) {
        this.state = state;
        this.zones = zones;
        this.registry = registry;
        this.index = index;
        this.ioOperations = new IoOperations(state);
        this.buildFailures = buildFailures;
        this.hosts = new TableCopy<>(state.hosts());
        this.providers = new TableCopy<>(state.providers());
        this.aggregateRows = new TableCopy<>(state.aggregates());
        this.aggregates = zones.over(List.of());
        state.watch(
                Set.of(
                        state.hosts().name(),
                        state.instances().name(),
                        state.providers().name(),
                        state.aggregates().name()),
                this::changed);
        registry.onStateChange(this::refresh);
        buildFailures.onChange(this::refresh);
    }

    /** {@return the index} */
    public CandidateIndex index() {
        return index;
    }

    /** {@return the registered hosts, as they were compared last, with what this process has changed since} */
    public synchronized Collection<HostRow> hosts() {
        return hosts.values();
    }

    /** {@return how many builds failed on a host lately} */
    double failedBuilds(HostId host) {
        return buildFailures.of(host);
    }

    /** Reads what differs from the store. */
    public synchronized void compare() {
        Set<String> changedHosts = new HashSet<>();
        Set<String> changedProviders = new HashSet<>();
        boolean aggregated = state.read(tx -> {
            changedHosts.addAll(hosts.compare(tx));
            changedProviders.addAll(providers.compare(tx));
            ioOperations.compare(tx).forEach(host -> changedHosts.add(host.value()));
            return !aggregateRows.compare(tx).isEmpty();
        });
        buildFailures.fading().forEach(host -> changedHosts.add(host.value()));
        boolean pooled = anyPool(changedProviders);
        apply(changedHosts, changedProviders, aggregated || pooled);
    }

    private synchronized void changed(List<RowChange> changes) {
        Set<String> changedHosts = new HashSet<>();
        Set<String> changedProviders = new HashSet<>();
        boolean aggregated = false;
        for (RowChange change : changes) {
            if (change.table().equals(state.aggregates().name())) {
                aggregated |= aggregateRows.put(change.key(), change.row());
            } else if (change.table().equals(state.instances().name())) {
                ioOperations.put(change.key(), change.row()).forEach(host -> changedHosts.add(host.value()));
            } else if (change.table().equals(state.hosts().name())) {
                hosts.put(change.key(), change.row());
                changedHosts.add(change.key());
            } else if (providers.put(change.key(), change.row())) {
                changedProviders.add(change.key());
            }
        }
        boolean pooled = anyPool(changedProviders);
        apply(changedHosts, changedProviders, aggregated || pooled);
    }

    private boolean anyPool(Set<String> changedProviders) {
        return changedProviders.stream().filter(this::isOrWasPool).count() > 0;
    }

    /** {@return whether a change of a provider concerns hosts that share it} */
    private boolean isOrWasPool(String id) {
        if (providers.get(id).filter(ProviderRow::isShared).isEmpty()) {
            return pools.remove(id);
        }
        pools.add(id);
        return true;
    }

    private void apply(Set<String> changedHosts, Set<String> changedProviders, boolean all) {
        if (all) {
            aggregates = zones.over(aggregateRows.values());
            index.load(hosts.values().stream()
                    .map(row -> view(row.id()))
                    .flatMap(Optional::stream)
                    .toList());
            return;
        }
        changedHosts.forEach(id -> refresh(HostId.of(id)));
        changedProviders.stream()
                .filter(id -> !changedHosts.contains(id))
                .flatMap(id -> hosts.get(id).stream())
                .forEach(row -> refresh(row.id()));
    }

    /** Puts a host into the index as it is known. */
    private synchronized void refresh(HostId host) {
        view(host).ifPresentOrElse(index::put, () -> index.remove(host));
    }

    /** Reads one host anew: it refused a claim, so that another control node may have changed it. */
    void reread(HostId host) {
        Optional<StoredRow> row = state.read(tx -> state.providers().row(tx, host.value()));
        changed(List.of(new RowChange(state.providers().name(), host.value(), row)));
    }

    private Optional<HostView> view(HostId host) {
        Optional<ProviderRow> root = providers.get(host.value()).filter(ProviderRow::host);
        return hosts.get(host.value())
                .flatMap(row -> root.map(provider -> new HostAccount(provider, poolsOf(provider))
                        .toView(row, registry.state(host), aggregates, ioOperations.on(host))
                        .failedBuilds(buildFailures.of(host))
                        .build()));
    }

    private List<ProviderRow> poolsOf(ProviderRow host) {
        if (pools.isEmpty() || host.aggregates().isEmpty()) {
            return List.of();
        }
        Collection<ProviderRow> known =
                pools.stream().flatMap(id -> providers.get(id).stream()).toList();
        return known.stream().filter(pool -> HostTree.serves(pool, host)).toList();
    }
}
