package io.gantry.core.placement;

import io.gantry.core.aggregate.AggregateMap;
import io.gantry.core.aggregate.HostZones;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.NotFound;
import io.gantry.host.AllocationRatios;
import io.gantry.host.Host;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ResourceClass;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.TopologyUse;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who holds what of which provider. Claims change in the caller's transaction, together with whatever else must be true
 * at the same time; each change raises the generation (the row's version) of every provider that it touches, so that two
 * claims on one provider never miss each other. All claims of a call are made, or none.
 */
public final class Ledger {
    private final State state;
    private final HostZones zones;
    private final HostProviders hostProviders;
    private final TopologyClaims topologies;

    /**
     * Creates a ledger.
     *
     * @param state where it is kept
     * @param zones which zone each host is in
     */
    public Ledger(State state, HostZones zones) {
        this.state = state;
        this.zones = zones;
        this.hostProviders = new HostProviders(state);
        this.topologies = new TopologyClaims(state);
    }

    /**
     * Claims room on a host; what the consumer held there before is replaced, so that claiming twice is claiming once.
     *
     * @return why the host lacks the room; empty if the claim was made
     * @throws NotFound if the host is not registered
     */
    public Optional<Verdict> claim(Transaction tx, String consumer, HostId host, Need need) {
        return claim(tx, consumer, host, Demand.of(need));
    }

    /**
     * As {@link #claim(Transaction, String, HostId, Need)}, with claims on parts of the host, and of its CPUs and devices.
     *
     * @return why the host lacks the room; empty if all claims were made
     * @throws NotFound if the host is not registered
     */
    public Optional<Verdict> claim(Transaction tx, String consumer, HostId host, Demand demand) {
        HostTree tree = new HostTree(state, tx, host);
        Map<String, Table.Entry<ClaimRow>> held = held(tx, consumer, host);
        Map<String, Map<String, Long>> wanted = Allotment.need(demand.need(), tree, held.keySet());
        Optional<Verdict> lack = Allotment.groups(demand, tree, provider -> amounts(held, provider), wanted);
        if (lack.isPresent()) {
            return lack;
        }
        TopologyClaims.Answer answer = topologies.find(tx, consumer, tree, demand.topology());
        return answer.lack().or(() -> set(tx, consumer, host, tree, held, wanted, answer.placement()));
    }

    /**
     * Claims exactly these amounts of exactly these providers; what the consumer held for this host before is replaced.
     *
     * @param wanted what to hold of each provider: the host's own, its parts, pools
     * @return why a provider lacks the room; empty if all claims were made
     * @throws NotFound if the host is not registered, or a provider does not exist
     */
    public Optional<Verdict> claim(
            Transaction tx, String consumer, HostId host, Map<ProviderId, Map<ResourceClass, Long>> wanted) {
        HostTree tree = new HostTree(state, tx, host);
        Map<String, Map<String, Long>> amounts = new HashMap<>();
        amounts.put(host.value(), Amounts.none());
        wanted.forEach((provider, byClass) -> {
            if (state.providers().get(tx, provider.value()).isEmpty()) {
                throw new NotFound(provider.ref(), "List the providers with compute.providers().list()");
            }
            amounts.put(provider.value(), Amounts.of(byClass));
        });
        Map<String, Table.Entry<ClaimRow>> held = held(tx, consumer, host);
        Optional<GuestPlacement> placement = Optional.ofNullable(held.get(host.value()))
                .flatMap(entry -> entry.value().placement());
        return set(tx, consumer, host, tree, held, amounts, placement);
    }

    private Optional<Verdict> set(
            Transaction tx,
            String consumer,
            HostId host,
            HostTree tree,
            Map<String, Table.Entry<ClaimRow>> held,
            Map<String, Map<String, Long>> wanted,
            Optional<GuestPlacement> placement) {
        TreeSet<String> touched = new TreeSet<>(held.keySet());
        touched.addAll(wanted.keySet());
        for (String provider : touched) {
            Optional<Verdict> lack = Room.lack(
                    tree.entry(provider).value(),
                    amounts(held, provider),
                    wanted.getOrDefault(provider, Amounts.none()));
            if (lack.isPresent()) {
                return lack;
            }
        }
        for (String provider : touched) {
            Optional<Map<String, Long>> amounts = Optional.ofNullable(wanted.get(provider));
            Optional<Table.Entry<ClaimRow>> before = Optional.ofNullable(held.get(provider));
            write(
                    tx,
                    tree.entry(provider),
                    before,
                    amounts.map(some -> new ClaimRow(
                            consumer,
                            host,
                            provider,
                            some,
                            before.flatMap(entry -> entry.value().slot()),
                            provider.equals(host.value()) ? placement : Optional.empty())));
        }
        return Optional.empty();
    }

    /** Writes one claim and its provider, unless nothing changes. */
    private void write(
            Transaction tx,
            Table.Entry<ProviderRow> provider,
            Optional<Table.Entry<ClaimRow>> before,
            Optional<ClaimRow> after) {
        if (before.map(Table.Entry::value).equals(after)) {
            return;
        }
        if (before.isEmpty()) {
            after.ifPresent(claim -> state.claims().insert(tx, claim));
        } else if (after.isEmpty()) {
            state.claims().delete(tx, before.get());
        } else {
            state.claims().update(tx, before.get(), after.get());
        }
        ProviderRow row = provider.value();
        Map<String, Long> less = Amounts.plus(
                row.used(), before.map(entry -> entry.value().amounts()).orElse(Map.of()), -1);
        Map<String, Long> used = Amounts.plus(less, after.map(ClaimRow::amounts).orElse(Map.of()), 1);
        int claims = row.claims() + (after.isPresent() ? 1 : 0) - (before.isPresent() ? 1 : 0);
        state.providers().update(tx, provider, row.withUsage(used, claims));
    }

    /** Has what a consumer holds on a host take up a slot of a server group; does nothing if it holds nothing there. */
    public void occupy(Transaction tx, String consumer, HostId host, ClaimRow.GroupSlot slot) {
        state.claims()
                .get(tx, ClaimRow.keyOnHost(consumer, host))
                .filter(entry -> !entry.value().slot().equals(Optional.of(slot)))
                .ifPresent(
                        entry -> state.claims().update(tx, entry, entry.value().withSlot(Optional.of(slot))));
    }

    /** Releases what a consumer holds on a host; does nothing if it holds nothing there. */
    public void release(Transaction tx, String consumer, HostId host) {
        Map<String, Table.Entry<ClaimRow>> held = held(tx, consumer, host);
        if (!held.isEmpty()) {
            HostTree tree = new HostTree(state, tx, host);
            held.values()
                    .forEach(claim ->
                            write(tx, tree.entry(claim.value().provider()), Optional.of(claim), Optional.empty()));
        }
    }

    /** Releases what a consumer holds anywhere. */
    public void releaseAll(Transaction tx, String consumer) {
        claims(tx, consumer).stream().map(ClaimRow::host).distinct().forEach(host -> release(tx, consumer, host));
    }

    /**
     * Passes what one consumer holds on a host to another; the host stays charged as it was. Does nothing if the first
     * holds nothing there.
     *
     * @throws Conflict if the other consumer holds something there already
     */
    public void pass(Transaction tx, String from, String to, HostId host) {
        Map<String, Table.Entry<ClaimRow>> held = held(tx, from, host);
        if (held.isEmpty() || from.equals(to)) {
            return;
        }
        if (!held(tx, to, host).isEmpty()) {
            throw new Conflict(
                    host.ref(),
                    to + " holds claims on host " + host + " already",
                    "Release them before passing others");
        }
        held.values().forEach(claim -> {
            state.claims().delete(tx, claim);
            state.claims().insert(tx, claim.value().of(to));
        });
    }

    /**
     * Adds what one consumer holds on a host to what another one does, where it is not known which of both is in use. The
     * host stays charged for both. Does nothing if the first holds nothing there.
     */
    public void join(Transaction tx, String from, String to, HostId host) {
        Map<String, Table.Entry<ClaimRow>> theirs = held(tx, to, host);
        for (Table.Entry<ClaimRow> claim : held(tx, from, host).values()) {
            state.claims().delete(tx, claim);
            Table.Entry<ClaimRow> other = theirs.get(claim.value().provider());
            if (other == null) {
                state.claims().insert(tx, claim.value().of(to));
                continue;
            }
            state.claims().update(tx, other, other.value().with(claim.value()));
            state.providers()
                    .get(tx, claim.value().provider())
                    .ifPresent(provider -> state.providers()
                            .update(
                                    tx,
                                    provider,
                                    provider.value()
                                            .withUsage(
                                                    provider.value().used(),
                                                    provider.value().claims() - 1)));
        }
    }

    /** {@return what a consumer holds: for each host its own provider first} */
    public List<ClaimRow> claims(Transaction tx, String consumer) {
        return state.claims().find(tx, "consumer", consumer).stream()
                .map(Table.Entry::value)
                .toList();
    }

    /** {@return what a consumer holds on a host in all, pools included; empty if it holds nothing there} */
    public Optional<Need> need(Transaction tx, String consumer, HostId host) {
        return held(tx, consumer, host).values().stream()
                .map(entry -> new Need(
                        entry.value().vcpus(),
                        entry.value().pcpus(),
                        entry.value().memory(),
                        entry.value().disk()))
                .reduce((a, b) -> new Need(
                        a.vcpus() + b.vcpus(),
                        a.pcpus() + b.pcpus(),
                        new MemorySize(a.memory().bytes() + b.memory().bytes()),
                        new DiskSize(a.disk().bytes() + b.disk().bytes())));
    }

    /** {@return whether anybody holds anything on a host} */
    public boolean isUsed(Transaction tx, HostId host) {
        return state.providers()
                .get(tx, host.value())
                .filter(entry -> entry.value().claims() > 0)
                .isPresent();
    }

    /**
     * Adds the provider of a host that is being registered.
     *
     * @throws Conflict if a provider has this id
     */
    public void registerHost(Transaction tx, HostId host, HostInventory inventory, AllocationRatios ratios) {
        hostProviders.register(tx, host, inventory, ratios);
    }

    /** {@return whether what a host was read to have is recorded already} */
    public boolean hasInventory(Transaction tx, HostId host, HostInventory inventory) {
        return hostProviders.isCurrent(tx, host, inventory);
    }

    /**
     * Records what a host was read to have, in its row and as its provider's totals. Never refused: if it has less than
     * is claimed, it accepts only what does not worsen that. Writes nothing if nothing changed.
     *
     * @return whether anything changed
     */
    public boolean updateInventory(Transaction tx, HostId host, HostInventory inventory) {
        return hostProviders.update(tx, host, inventory);
    }

    /**
     * Removes the providers of a host that is being unregistered.
     *
     * @throws Conflict if anybody holds anything there
     */
    public void removeHost(Transaction tx, HostId host) {
        hostProviders.remove(tx, host);
    }

    /** {@return a host as callers see it} */
    public Host host(Transaction tx, HostRow row, HostState hostState) {
        HostTree tree = new HostTree(state, tx, row.id());
        return new HostAccount(tree.root(), tree.pools()).toHost(row, hostState);
    }

    /** {@return all hosts as callers see them, by id} */
    public List<Host> hosts(Transaction tx, Function<HostId, HostState> states) {
        Map<String, HostAccount> accounts = accounts(tx);
        return state.hosts().readable(tx).stream()
                .flatMap(row -> Optional.ofNullable(accounts.get(row.id().value()))
                        .map(account -> account.toHost(row, states.apply(row.id())))
                        .stream())
                .toList();
    }

    /** {@return all hosts as filters see them, by id} */
    public List<HostView> views(Transaction tx, Function<HostId, HostState> states) {
        Map<String, HostAccount> accounts = accounts(tx);
        AggregateMap aggregates = zones.at(tx);
        Map<HostId, Integer> ioOps = IoOperations.counts(state, tx);
        Map<HostId, TopologyUse> uses = topologies.all(tx);
        return state.hosts().readable(tx).stream()
                .flatMap(row -> Optional.ofNullable(accounts.get(row.id().value()))
                        .map(account -> account.toView(
                                        row, states.apply(row.id()), aggregates, ioOps.getOrDefault(row.id(), 0))
                                .topologyUse(uses.getOrDefault(row.id(), TopologyUse.NONE))
                                .build())
                        .stream())
                .toList();
    }

    /**
     * {@return one host as filters see it, for those who know more of it; empty if it is not registered}
     *
     * @param topology whether a topology is asked for; what guests have of one is left out if not, unless there are devices,
     *     which concern also who asks for none
     */
    Optional<HostView.Builder> view(Transaction tx, HostId host, Function<HostId, HostState> states, boolean topology) {
        return state.hosts().get(tx, host.value()).map(entry -> {
            HostTree tree = new HostTree(state, tx, host);
            boolean devices = !entry.value().inventory().topology().devices().isEmpty();
            HostView.Builder view = new HostAccount(tree.root(), tree.pools())
                    .toView(
                            entry.value(),
                            states.apply(host),
                            zones.of(tx, tree.root()),
                            IoOperations.counts(state, tx).getOrDefault(host, 0));
            return topology || devices ? view.topologyUse(topologies.on(tx, host)) : view;
        });
    }

    private Map<String, HostAccount> accounts(Transaction tx) {
        List<ProviderRow> all =
                state.providers().all(tx).stream().map(Table.Entry::value).toList();
        List<ProviderRow> pools = all.stream().filter(ProviderRow::isShared).toList();
        return all.stream()
                .filter(ProviderRow::host)
                .collect(Collectors.toMap(
                        ProviderRow::id,
                        host -> new HostAccount(
                                host,
                                pools.stream()
                                        .filter(pool -> HostTree.serves(pool, host))
                                        .toList())));
    }

    private Map<String, Table.Entry<ClaimRow>> held(Transaction tx, String consumer, HostId host) {
        return state.claims().find(tx, "consumer", consumer).stream()
                .filter(entry -> entry.value().host().equals(host))
                .collect(Collectors.toMap(entry -> entry.value().provider(), Function.identity()));
    }

    private static Map<String, Long> amounts(Map<String, Table.Entry<ClaimRow>> held, String provider) {
        Table.Entry<ClaimRow> claim = held.get(provider);
        return claim == null ? Map.of() : claim.value().amounts();
    }
}
