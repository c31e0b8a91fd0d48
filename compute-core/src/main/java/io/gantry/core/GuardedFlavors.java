package io.gantry.core;

import io.gantry.error.ResourceRef;
import io.gantry.flavor.Flavor;
import io.gantry.flavor.Flavors;
import io.gantry.identity.Action;
import java.util.List;

/** The flavors as far as a caller may see and change them. */
final class GuardedFlavors implements Flavors {
    private final Flavors guarded;
    private final Guard guard;

    GuardedFlavors(Flavors guarded, Guard guard) {
        this.guarded = guarded;
        this.guard = guard;
    }

    @Override
    public Flavor create(Flavor flavor) {
        guard.require(Action.FLAVOR_WRITE, flavor.ref());
        return guarded.create(flavor);
    }

    @Override
    public Flavor get(String name) {
        guard.require(Action.FLAVOR_READ, new ResourceRef("flavor", name));
        return guarded.get(name);
    }

    @Override
    public List<Flavor> list() {
        guard.require(Action.FLAVOR_READ, new ResourceRef("flavor", "*"));
        return guarded.list();
    }

    @Override
    public void delete(String name) {
        guard.require(Action.FLAVOR_WRITE, new ResourceRef("flavor", name));
        guarded.delete(name);
    }
}
