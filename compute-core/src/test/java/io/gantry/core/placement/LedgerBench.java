package io.gantry.core.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.core.aggregate.HostZones;
import io.gantry.core.aggregate.Memberships;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.state.AggregateRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.host.AllocationRatios;
import io.gantry.host.Host;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.placement.Inventory;
import io.gantry.placement.Provider;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ResourceClass;
import io.gantry.placement.Verdict;
import io.gantry.spi.store.StateStore;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A ledger on a store of its own, with short words for what tests do to it. */
final class LedgerBench {
    static final HostId H1 = HostId.of("h1");
    static final HostId H2 = HostId.of("h2");

    private final StateStore store;
    final State state;
    private final HostZones zones;
    final Ledger ledger;
    final ResourceProviders providers;

    LedgerBench() {
        this(InMemoryStore.create());
    }

    private LedgerBench(StateStore store) {
        this.store = store;
        this.state = new State(store, new Random(1));
        this.zones = new HostZones(state, "default");
        this.ledger = new Ledger(state, zones);
        this.providers = new ResourceProviders(state, new Memberships(state, zones, Clock.systemUTC()));
    }

    /** {@return another control node's ledger} */
    LedgerBench onTheSameStore() {
        return new LedgerBench(store);
    }

    CandidateFeed feed(State followed, HostRegistry registry, CandidateIndex index) {
        return new CandidateFeed(
                followed,
                zones,
                registry,
                index,
                new BuildFailures(Clock.systemUTC(), Duration.ofMinutes(10)),
                Set.of());
    }

    boolean hasAggregate(String name) {
        return state.transact(tx -> state.aggregates().exists(tx, name));
    }

    static HostInventory inventory(HostId id, int vcpus, int gib, int disk) {
        return new HostInventory(
                id.value(), "x86_64", "sim", "1", vcpus, MemorySize.gib(gib), DiskSize.gib(disk), Set.of());
    }

    void register(HostId id, int vcpus, int gib, int disk, AllocationRatios ratios) {
        HostInventory inventory = inventory(id, vcpus, gib, disk);
        HostRow row = new HostRow(
                id, "sim", URI.create("sim://" + id), Map.of(), Optional.empty(), inventory, ratios, Optional.empty());
        state.change(tx -> {
            state.hosts().insert(tx, row);
            ledger.registerHost(tx, id, inventory, ratios);
        });
    }

    void aggregate(String name) {
        if (hasAggregate(name)) {
            return;
        }
        state.change(tx -> state.aggregates().insert(tx, new AggregateRow(name, Optional.empty(), Map.of())));
    }

    static Need need(int vcpus, long memoryMib, long diskMib) {
        return new Need(vcpus, MemorySize.mib(memoryMib), DiskSize.mib(diskMib));
    }

    /** {@return the code of the lack; empty if the claim was made} */
    Optional<String> claim(String consumer, HostId host, Need need) {
        return state.transact(tx -> ledger.claim(tx, consumer, host, need)).map(Verdict::code);
    }

    Optional<String> claim(String consumer, HostId host, Demand demand) {
        return state.transact(tx -> ledger.claim(tx, consumer, host, demand)).map(Verdict::code);
    }

    Optional<String> claim(String consumer, HostId host, Map<ProviderId, Map<ResourceClass, Long>> wanted) {
        return state.transact(tx -> ledger.claim(tx, consumer, host, wanted)).map(Verdict::code);
    }

    void release(String consumer, HostId host) {
        state.change(tx -> ledger.release(tx, consumer, host));
    }

    void pass(String from, String to, HostId host) {
        state.change(tx -> ledger.pass(tx, from, to, host));
    }

    Host host(HostId id) {
        return state.transact(tx ->
                ledger.host(tx, state.hosts().get(tx, id.value()).orElseThrow().value(), HostState.UP));
    }

    Provider provider(String id) {
        return providers.get(ProviderId.of(id));
    }

    long used(String provider, ResourceClass resource) {
        return provider(provider).used().getOrDefault(resource, 0L);
    }

    void setInventory(String provider, ResourceClass resource, Inventory inventory) {
        providers.setInventory(ProviderId.of(provider), resource, inventory, true);
    }

    /** Fails unless every provider says exactly what the claims on it say. */
    void assertConsistent() {
        assertEquals(List.of(), state.transact(tx -> new LedgerAudit(state).run(tx, false)));
    }

    /** Fails unless every provider has room for what is claimed of it. */
    void assertNothingOverCommitted() {
        for (Provider provider : providers.list()) {
            provider.used().forEach((resource, used) -> {
                long capacity = Optional.ofNullable(provider.inventories().get(resource))
                        .map(Inventory::capacity)
                        .orElse(0L);
                assertEquals(used, Math.min(used, capacity), () -> resource + " of " + provider);
            });
        }
    }
}
