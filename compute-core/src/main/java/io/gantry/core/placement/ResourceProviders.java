package io.gantry.core.placement;

import io.gantry.core.aggregate.Memberships;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.placement.Inventory;
import io.gantry.placement.Provider;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ProviderSpec;
import io.gantry.placement.Providers;
import io.gantry.placement.ResourceClass;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The resource providers of an engine. */
public final class ResourceProviders implements Providers {
    private final State state;
    private final Memberships memberships;

    /** Creates access to the providers that a ledger keeps in this state. */
    public ResourceProviders(State state, Memberships memberships) {
        this.state = state;
        this.memberships = memberships;
    }

    @Override
    public List<Provider> list() {
        return state.transact(tx -> state.providers().all(tx).stream()
                .map(ResourceProviders::provider)
                .toList());
    }

    @Override
    public Provider get(ProviderId id) {
        return provider(state.transact(tx -> entry(tx, id)));
    }

    @Override
    public List<Provider> tree(ProviderId id) {
        return state.transact(tx -> state
                .providers()
                .find(tx, "root", entry(tx, id).value().root())
                .stream()
                .map(ResourceProviders::provider)
                .toList());
    }

    @Override
    public Provider put(ProviderSpec spec) {
        return provider(state.transact(tx -> {
            Optional<Table.Entry<ProviderRow>> known =
                    state.providers().get(tx, spec.id().value());
            String root = spec.parent()
                    .map(parent -> entry(tx, parent).value().root())
                    .orElse(spec.id().value());
            ProviderRow row = row(spec, root, known.map(Table.Entry::value));
            known.map(Table.Entry::value).ifPresent(ResourceProviders::requireNoHost);
            memberships.require(tx, spec.aggregates());
            if (known.isEmpty()) {
                return state.providers().insert(tx, row);
            }
            requireSameParent(spec, known.get().value());
            requireRoom(row, known.get().value());
            return state.providers().update(tx, known.get(), row);
        }));
    }

    private static ProviderRow row(ProviderSpec spec, String root, Optional<ProviderRow> known) {
        return new ProviderRow(
                spec.id().value(),
                spec.parent().map(ProviderId::value),
                root,
                false,
                spec.traits(),
                spec.aggregates(),
                spec.inventories().entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue)),
                known.map(ProviderRow::used).orElse(Map.of()),
                known.map(ProviderRow::claims).orElse(0));
    }

    private static void requireNoHost(ProviderRow row) {
        if (row.host()) {
            throw new Conflict(
                    ref(row),
                    "Provider " + row.id() + " is a host's, which comes and goes with the host",
                    "Set its inventories, traits or aggregates one by one, or register or unregister the host");
        }
    }

    private static void requireSameParent(ProviderSpec spec, ProviderRow known) {
        if (!known.parent().equals(spec.parent().map(ProviderId::value))) {
            throw new InvalidRequest(
                    "provider.parent",
                    spec.parent().map(ProviderId::value).orElse("none"),
                    "differs from that of provider " + known.id() + ", which is "
                            + known.parent().orElse("none"),
                    "Remove the provider and add it again");
        }
    }

    /** Refuses what leaves less than is claimed, where there was enough or more than there will be. */
    private static void requireRoom(ProviderRow after, ProviderRow before) {
        before.used().forEach((resource, used) -> {
            long capacity = after.capacity(resource);
            if ((used > capacity && capacity < before.capacity(resource))
                    || !after.inventories().containsKey(resource)) {
                throw new Conflict(
                        ref(after),
                        Amounts.words(resource, used) + " of provider " + after.id() + " are claimed, which "
                                + Amounts.words(resource, capacity) + " would not cover",
                        "Delete or migrate the instances that hold them, or force the change");
            }
        });
    }

    @Override
    public Provider setInventory(ProviderId id, ResourceClass resource, Inventory inventory, boolean force) {
        return change(id, force, row -> row.withInventory(resource.name(), Optional.of(inventory)));
    }

    @Override
    public Provider removeInventory(ProviderId id, ResourceClass resource, boolean force) {
        return change(id, force, row -> row.withInventory(resource.name(), Optional.empty()));
    }

    @Override
    public Provider setTraits(ProviderId id, Set<String> traits) {
        ProviderSpec checked =
                ProviderSpec.builder(id).traits(traits.toArray(new String[0])).build();
        return change(id, true, row -> row.withTraits(checked.traits()));
    }

    @Override
    public Provider setAggregates(ProviderId id, Set<String> aggregates) {
        ProviderSpec checked = ProviderSpec.builder(id)
                .aggregates(aggregates.toArray(new String[0]))
                .build();
        return provider(state.transact(tx -> memberships.set(tx, entry(tx, id), checked.aggregates())));
    }

    private Provider change(ProviderId id, boolean force, UnaryOperator<ProviderRow> change) {
        return provider(state.transact(tx -> {
            Table.Entry<ProviderRow> entry = entry(tx, id);
            ProviderRow row = change.apply(entry.value());
            if (row.equals(entry.value())) {
                return entry;
            }
            if (!force) {
                requireRoom(row, entry.value());
            }
            return state.providers().update(tx, entry, row);
        }));
    }

    @Override
    public void remove(ProviderId id) {
        state.change(tx -> {
            Table.Entry<ProviderRow> entry = entry(tx, id);
            ProviderRow row = entry.value();
            requireNoHost(row);
            if (row.claims() > 0) {
                throw new Conflict(
                        ref(row),
                        row.claims() + " claims are held on provider " + id,
                        "Delete or migrate the instances that hold them");
            }
            List<String> parts = state.providers().find(tx, "root", row.root()).stream()
                    .filter(part -> part.value().parent().equals(Optional.of(row.id())))
                    .map(part -> part.value().id())
                    .toList();
            if (!parts.isEmpty()) {
                throw new Conflict(
                        ref(row), "Provider " + id + " has parts: " + String.join(", ", parts), "Remove them first");
            }
            state.providers().delete(tx, entry);
        });
    }

    private Table.Entry<ProviderRow> entry(Transaction tx, ProviderId id) {
        return state.providers()
                .get(tx, id.value())
                .orElseThrow(() -> new NotFound(id.ref(), "List the providers with compute.providers().list()"));
    }

    private static ResourceRef ref(ProviderRow row) {
        return ProviderId.of(row.id()).ref();
    }

    private static Provider provider(Table.Entry<ProviderRow> entry) {
        ProviderRow row = entry.value();
        return new Provider(
                ProviderId.of(row.id()),
                row.parent().map(ProviderId::of),
                ProviderId.of(row.root()),
                row.traits(),
                row.aggregates(),
                typed(row.inventories()),
                typed(row.used()),
                entry.row().version());
    }

    private static <V> Map<ResourceClass, V> typed(Map<String, V> byName) {
        return byName.entrySet().stream()
                .collect(Collectors.toMap(entry -> ResourceClass.of(entry.getKey()), Map.Entry::getValue));
    }
}
