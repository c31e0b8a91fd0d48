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
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.HostTopology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    private final ImageCounts images;
    private final BuildFailures buildFailures;
    private final TableCopy<HostRow> hosts;
    private final TableCopy<ProviderRow> providers;
    private final TableCopy<AggregateRow> aggregateRows;
    private final PlacedGuests placed;
    private final HostParts parts = new HostParts();
    private final Set<HostId> doubtful = new HashSet<>();
    private final Map<String, ProviderRow> pools = new TreeMap<>();
    private AggregateMap aggregates;

    /**
     * Creates a feed, which is told of changes from now on; {@link #compare} fills the index.
     *
     * @param index what it feeds
     * @param imageProperties of which weighers ask how many instances on a host have an image with them
     */
    public CandidateFeed(
            State state,
            HostZones zones,
            HostRegistry registry,
            CandidateIndex index,
            BuildFailures buildFailures,
            Set<String> imageProperties) {
        this.state = state;
        this.zones = zones;
        this.registry = registry;
        this.index = index;
        this.ioOperations = new IoOperations(state);
        this.images = new ImageCounts(state, imageProperties);
        this.buildFailures = buildFailures;
        this.hosts = new TableCopy<>(state.hosts());
        this.providers = new TableCopy<>(state.providers());
        this.aggregateRows = new TableCopy<>(state.aggregates());
        this.placed = new PlacedGuests(state.claims());
        this.aggregates = zones.over(List.of());
        state.watch(
                Set.of(
                        state.hosts().name(),
                        state.instances().name(),
                        state.providers().name(),
                        state.claims().name(),
                        state.aggregates().name()),
                this::changed);
        registry.onStateChange(this::refresh);
        buildFailures.onChange(this::refresh);
    }

    /** {@return the index} */
    public CandidateIndex index() {
        return index;
    }

    /** {@return what a host's row and providers do not say of it: what builds failed there, and what images are there} */
    HostView.Builder complete(HostId host, HostView.Builder view) {
        return view.failedBuilds(buildFailures.of(host)).imageProperties(images.on(host));
    }

    /** {@return why a host's own provider and its parts cannot serve the groups of a demand; empty if they can} */
    Optional<Verdict> lack(HostId host, Demand demand) {
        return Allotment.groups(demand, parts.of(host));
    }

    /** {@return the registered hosts, as they were compared last, with what this process has changed since} */
    public synchronized Collection<HostRow> hosts() {
        return hosts.values();
    }

    /** Reads what differs from the store. */
    public synchronized void compare() {
        Set<String> changedHosts = new HashSet<>();
        Set<String> changedProviders = new HashSet<>();
        boolean aggregated = state.read(tx -> {
            changedHosts.addAll(hosts.compare(tx));
            changedProviders.addAll(providers.compare(tx));
            ioOperations.compare(tx).forEach(host -> changedHosts.add(host.value()));
            images.compare(tx).forEach(host -> changedHosts.add(host.value()));
            readPlaced(tx, changedProviders);
            return !aggregateRows.compare(tx).isEmpty();
        });
        doubtful.clear();
        buildFailures.fading().forEach(host -> changedHosts.add(host.value()));
        changedHosts.addAll(sharing(changedProviders));
        apply(changedHosts, changedProviders, aggregated);
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
                images.put(change.key(), change.row()).forEach(host -> changedHosts.add(host.value()));
            } else if (change.table().equals(state.hosts().name())) {
                hosts.put(change.key(), change.row());
                changedHosts.add(change.key());
            } else if (change.table().equals(state.claims().name())) {
                placed.put(change.key(), change.row()).ifPresent(host -> changedHosts.add(host.value()));
            } else {
                doubt(change);
                if (providers.put(change.key(), change.row())) {
                    changedProviders.add(change.key());
                }
            }
        }
        changedHosts.addAll(sharing(changedProviders));
        apply(changedHosts, changedProviders, aggregated);
    }

    /** A version that is not the next one: what others did in between was not told. */
    private void doubt(RowChange change) {
        long known = providers.version(change.key());
        boolean isNext = change.row().filter(row -> row.version() == known + 1).isPresent();
        if (!isNext && hasTopology(change.key())) {
            doubtful.add(HostId.of(change.key()));
        }
    }

    /** Claims are read where they may have changed: each change of one is one of the host's provider. */
    private void readPlaced(Transaction tx, Set<String> changedProviders) {
        Set<HostId> some = new HashSet<>(doubtful);
        for (String id : changedProviders) {
            if (hasTopology(id)) {
                some.add(HostId.of(id));
            }
        }
        placed.read(tx, some);
        some.forEach(host -> changedProviders.add(host.value()));
    }

    private boolean hasTopology(String host) {
        return hosts.get(host)
                .filter(row -> !row.inventory().topology().equals(HostTopology.UNKNOWN))
                .isPresent();
    }

    /** {@return the hosts that share pools among some changed providers, or have shared them} */
    private Set<String> sharing(Set<String> changedProviders) {
        List<ProviderRow> changed = new ArrayList<>();
        for (String id : changedProviders) {
            Optional.ofNullable(pools.remove(id)).ifPresent(changed::add);
            providers.get(id).filter(ProviderRow::isShared).ifPresent(pool -> {
                pools.put(id, pool);
                changed.add(pool);
            });
        }
        if (changed.isEmpty()) {
            return Set.of();
        }
        return providers.values().stream()
                .filter(ProviderRow::host)
                .filter(host -> changed.stream().anyMatch(pool -> HostTree.serves(pool, host)))
                .map(ProviderRow::id)
                .collect(Collectors.toSet());
    }

    private void apply(Set<String> changedHosts, Set<String> changedProviders, boolean all) {
        changedProviders.forEach(id -> parts.put(id, providers.get(id)));
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
        rereadPlaced(host);
        changed(List.of(new RowChange(state.providers().name(), host.value(), row)));
    }

    private synchronized void rereadPlaced(HostId host) {
        if (hasTopology(host.value())) {
            state.read(tx -> {
                placed.read(tx, Set.of(host));
                return true;
            });
            refresh(host);
        }
    }

    private Optional<HostView> view(HostId host) {
        Optional<ProviderRow> root = providers.get(host.value()).filter(ProviderRow::host);
        return hosts.get(host.value())
                .flatMap(row -> root.map(provider -> complete(
                                host,
                                new HostAccount(provider, poolsOf(provider))
                                        .toView(row, registry.state(host), aggregates, ioOperations.on(host))
                                        .topologyUse(placed.on(host)))
                        .build()));
    }

    private List<ProviderRow> poolsOf(ProviderRow host) {
        if (pools.isEmpty() || host.aggregates().isEmpty()) {
            return List.of();
        }
        return pools.values().stream()
                .filter(pool -> HostTree.serves(pool, host))
                .toList();
    }
}
