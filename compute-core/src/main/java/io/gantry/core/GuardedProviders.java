package io.gantry.core;

import io.gantry.error.ResourceRef;
import io.gantry.identity.Action;
import io.gantry.placement.Inventory;
import io.gantry.placement.Provider;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ProviderSpec;
import io.gantry.placement.Providers;
import io.gantry.placement.ResourceClass;
import java.util.List;
import java.util.Set;

/** The resource providers as far as a caller may see and change them. */
final class GuardedProviders implements Providers {
    private final Providers guarded;
    private final Guard guard;

    GuardedProviders(Providers guarded, Guard guard) {
        this.guarded = guarded;
        this.guard = guard;
    }

    @Override
    public List<Provider> list() {
        guard.require(Action.HOST_READ, new ResourceRef("provider", "*"));
        return guarded.list();
    }

    @Override
    public Provider get(ProviderId id) {
        guard.require(Action.HOST_READ, id.ref());
        return guarded.get(id);
    }

    @Override
    public List<Provider> tree(ProviderId id) {
        guard.require(Action.HOST_READ, id.ref());
        return guarded.tree(id);
    }

    @Override
    public Provider put(ProviderSpec spec) {
        guard.require(Action.HOST_WRITE, spec.id().ref());
        return guarded.put(spec);
    }

    @Override
    public Provider setInventory(ProviderId id, ResourceClass resource, Inventory inventory, boolean force) {
        guard.require(Action.HOST_WRITE, id.ref());
        return guarded.setInventory(id, resource, inventory, force);
    }

    @Override
    public Provider removeInventory(ProviderId id, ResourceClass resource, boolean force) {
        guard.require(Action.HOST_WRITE, id.ref());
        return guarded.removeInventory(id, resource, force);
    }

    @Override
    public Provider setTraits(ProviderId id, Set<String> traits) {
        guard.require(Action.HOST_WRITE, id.ref());
        return guarded.setTraits(id, traits);
    }

    @Override
    public Provider setAggregates(ProviderId id, Set<String> aggregates) {
        guard.require(Action.HOST_WRITE, id.ref());
        guard.require(Action.AGGREGATE_WRITE, id.ref());
        return guarded.setAggregates(id, aggregates);
    }

    @Override
    public void remove(ProviderId id) {
        guard.require(Action.HOST_WRITE, id.ref());
        guarded.remove(id);
    }
}
