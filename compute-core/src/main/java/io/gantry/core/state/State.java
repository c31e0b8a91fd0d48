package io.gantry.core.state;

import io.gantry.flavor.Flavor;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.Transaction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The engine's tables, and transactions over them. */
public final class State implements Transactor {
    private static final int ATTEMPTS = 50;

    private final StateStore store;
    private final RandomGenerator random;
    private final Json json = new Json();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    /** Somebody who is told what transactions made of some tables. */
    private record Watch(Set<String> tables, Consumer<List<RowChange>> told) {}

    private final Table<HostRow> hosts =
            new Table<>("host", HostRow.class, json, row -> row.id().value(), row -> Map.of()).remembering();
    private final Table<ClaimRow> claims =
            new Table<>("claim", ClaimRow.class, json, ClaimRow::key, ClaimRow::attributes);
    private final Table<InstanceRow> instances = new Table<>(
            "instance", InstanceRow.class, json, row -> row.instance().id().toString(), InstanceRow::attributes);
    private final Table<PlacementRow> placements = new Table<>(
            "placement", PlacementRow.class, json, row -> row.instance().toString(), row -> Map.of());
    private final Table<OperationRow> operations =
            new Table<>("operation", OperationRow.class, json, row -> row.id().toString(), OperationRow::attributes);
    private final Table<TokenRow> tokens =
            new Table<>("token", TokenRow.class, json, TokenRow::key, TokenRow::attributes);
    private final Table<NodeRow> nodes = new Table<>("node", NodeRow.class, json, NodeRow::id, row -> Map.of());
    private final Table<ActionRow> actions =
            new Table<>("action", ActionRow.class, json, row -> row.id().toString(), ActionRow::attributes);
    private final Table<LeftoverRow> leftovers =
            new Table<>("leftover", LeftoverRow.class, json, LeftoverRow::key, LeftoverRow::attributes);
    private final Table<TombstoneRow> tombstones = new Table<>(
            "tombstone", TombstoneRow.class, json, row -> row.instance().toString(), row -> Map.of());
    private final Table<Flavor> flavors =
            new Table<>("flavor", Flavor.class, json, Flavor::name, row -> Map.of()).remembering();
    private final Table<FlavorAccessRow> flavorAccess = new Table<>(
                    "flavor-access", FlavorAccessRow.class, json, FlavorAccessRow::flavor, row -> Map.of())
            .remembering();

    /**
     * Opens the tables of a store.
     *
     * @param store where they are kept
     * @param random spreads the retries of transactions that collide
     */
    public State(StateStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return watches.isEmpty() ? store.transact(work) : watched(work);
            } catch (StaleRow e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    private <T extends @Nullable Object> T watched(Function<Transaction, T> work) {
        Set<String> tables =
                watches.stream().flatMap(watch -> watch.tables().stream()).collect(Collectors.toUnmodifiableSet());
        // A store may run the function several times; the last run is the one that counts.
        Deque<List<RowChange>> runs = new ArrayDeque<>();
        T result = store.transact(tx -> {
            WatchedTransaction watched = new WatchedTransaction(tx, tables);
            runs.add(watched.changes());
            return work.apply(watched);
        });
        List<RowChange> changes = runs.getLast();
        if (!changes.isEmpty()) {
            watches.forEach(watch -> watch.told().accept(changes));
        }
        return result;
    }

    /**
     * Tells somebody what each transaction of this process made of some tables, after it has committed and before its caller
     * goes on. Of two transactions that run at the same time, the later one may be told first: rows have versions.
     *
     * @param tables their names
     * @param told brief; called by many threads
     */
    public void watch(Set<String> tables, Consumer<List<RowChange>> told) {
        watches.add(new Watch(Set.copyOf(tables), told));
    }

    /** {@return what a function yields that only reads} */
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return store.read(work);
    }

    /** {@return whether other control nodes can work on this state} */
    public boolean shared() {
        return store.shared();
    }

    private void pause(int attempt) {
        try {
            Thread.sleep(random.nextLong(1L << Math.min(attempt, 6)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return how rows become text; also the canonical form of requests} */
    public Json json() {
        return json;
    }

    /** {@return registered hosts with their usage} */
    public Table<HostRow> hosts() {
        return hosts;
    }

    /** {@return claims on hosts} */
    public Table<ClaimRow> claims() {
        return claims;
    }

    /** {@return instances} */
    public Table<InstanceRow> instances() {
        return instances;
    }

    /** {@return the last placement decision of each instance} */
    public Table<PlacementRow> placements() {
        return placements;
    }

    /** {@return the journal} */
    public Table<OperationRow> operations() {
        return operations;
    }

    /** {@return idempotency tokens} */
    public Table<TokenRow> tokens() {
        return tokens;
    }

    /** {@return control nodes} */
    public Table<NodeRow> nodes() {
        return nodes;
    }

    /** {@return what was done to instances} */
    public Table<ActionRow> actions() {
        return actions;
    }

    /** {@return guests to be removed from hosts that did not answer} */
    public Table<LeftoverRow> leftovers() {
        return leftovers;
    }

    /** Notes a guest that is to be removed from a host. */
    public void leave(Transaction tx, LeftoverRow leftover) {
        leftovers
                .get(tx, leftover.key())
                .ifPresentOrElse(entry -> leftovers.update(tx, entry, leftover), () -> leftovers.insert(tx, leftover));
    }

    /** {@return instances that are gone} */
    public Table<TombstoneRow> tombstones() {
        return tombstones;
    }

    /** {@return who may use flavors, where that is not all} */
    public Table<FlavorAccessRow> flavorAccess() {
        return flavorAccess;
    }

    /** {@return flavors} */
    public Table<Flavor> flavors() {
        return flavors;
    }

    // Providers, aggregates, quotas, key pairs and plans.

    private final Table<ProviderRow> providers = new Table<>(
                    "provider",
                    ProviderRow.class,
                    json,
                    ProviderRow::id,
                    row -> Map.of("root", row.root(), "shared", Boolean.toString(row.isShared())))
            .remembering();

    private final Table<AggregateRow> aggregates =
            new Table<>("aggregate", AggregateRow.class, json, AggregateRow::name, row -> Map.of()).remembering();
    private final Table<QuotaChargeRow> quotaCharges =
            new Table<>("quota-charge", QuotaChargeRow.class, json, QuotaChargeRow::consumer, row -> Map.of());
    private final Table<QuotaCounterRow> quotaCounters =
            new Table<>("quota-counter", QuotaCounterRow.class, json, QuotaCounterRow::owner, row -> Map.of());
    private final Table<QuotaLimitRow> quotaLimits = new Table<>(
            "quota-limit",
            QuotaLimitRow.class,
            json,
            QuotaLimitRow::owner,
            row -> row.project().map(project -> Map.of("project", project)).orElse(Map.of()));
    private final Table<KeyPairRow> keyPairs =
            new Table<>("keypair", KeyPairRow.class, json, KeyPairRow::key, row -> Map.of("user", row.user()));
    private final Table<PlanRunRow> planRuns =
            new Table<>("plan-run", PlanRunRow.class, json, row -> row.run().toString(), row -> Map.of());

    /** {@return runs of plans that have not ended} */
    public Table<PlanRunRow> planRuns() {
        return planRuns;
    }

    private final Table<ServerGroupRow> serverGroups = new Table<>(
            "server-group",
            ServerGroupRow.class,
            json,
            row -> row.id().toString(),
            row -> Map.of("project", row.project().value()));

    /** {@return server groups; their members name them} */
    public Table<ServerGroupRow> serverGroups() {
        return serverGroups;
    }

    /** {@return resource providers with what is claimed of them} */
    public Table<ProviderRow> providers() {
        return providers;
    }

    /** {@return aggregates of hosts; their members name them} */
    public Table<AggregateRow> aggregates() {
        return aggregates;
    }

    /** {@return what each consumer is charged} */
    public Table<QuotaChargeRow> quotaCharges() {
        return quotaCharges;
    }

    /** {@return the sums of the charges} */
    public Table<QuotaCounterRow> quotaCounters() {
        return quotaCounters;
    }

    /** {@return the limits that were set} */
    public Table<QuotaLimitRow> quotaLimits() {
        return quotaLimits;
    }

    /** {@return key pairs} */
    public Table<KeyPairRow> keyPairs() {
        return keyPairs;
    }
}
