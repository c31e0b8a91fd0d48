package io.gantry.core;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.ResourceRef;
import io.gantry.flavor.Flavor;
import io.gantry.flavor.Flavors;
import io.gantry.spi.store.Transaction;
import java.util.List;

/** The flavors of an engine. */
final class EngineFlavors implements Flavors {
    private final State state;

    EngineFlavors(State state) {
        this.state = state;
    }

    @Override
    public Flavor create(Flavor flavor) {
        return state.transact(tx -> {
            if (state.flavors().get(tx, flavor.name()).isPresent()) {
                throw new Conflict(
                        flavor.ref(),
                        "Flavor " + flavor.name() + " exists already",
                        "Choose another name, or delete it");
            }
            return state.flavors().insert(tx, flavor).value();
        });
    }

    @Override
    public Flavor get(String name) {
        return state.transact(tx -> entry(tx, name).value());
    }

    @Override
    public List<Flavor> list() {
        return state.transact(
                tx -> state.flavors().all(tx).stream().map(Table.Entry::value).toList());
    }

    @Override
    public void delete(String name) {
        state.change(tx -> state.flavors().delete(tx, entry(tx, name)));
    }

    private Table.Entry<Flavor> entry(Transaction tx, String name) {
        return state.flavors().get(tx, name).orElseThrow(() -> AccessControl.unknown(new ResourceRef("flavor", name)));
    }
}
