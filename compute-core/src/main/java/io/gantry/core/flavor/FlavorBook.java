package io.gantry.core.flavor;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.state.FlavorAccessRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.flavor.Flavor;
import io.gantry.flavor.FlavorAccess;
import io.gantry.flavor.Flavors;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.placement.ResourceNeeds;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.PciAlias;
import io.gantry.topology.TopologySpecs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The flavors of an engine. */
public final class FlavorBook {
    private final State state;
    private final AccessControl access;
    private final Map<String, PciAlias> aliases;

    /**
     * Opens the book of a state.
     *
     * @param aliases names of PCI devices
     */
    public FlavorBook(State state, AccessControl access, Map<String, PciAlias> aliases) {
        this.state = state;
        this.access = access;
        this.aliases = Map.copyOf(aliases);
    }

    /** {@return the flavors as a caller has them} */
    public Flavors of(Caller caller) {
        return new Seen(caller);
    }

    /**
     * {@return the flavor that an instance is to get}
     *
     * @param field what names it in the request
     * @throws NotFound if there is none that the caller may see
     * @throws InvalidRequest if it is disabled
     */
    public Flavor usable(Transaction tx, Caller caller, String field, String name) {
        Flavor flavor = visible(tx, caller, name);
        if (accessOf(tx, name).disabled()) {
            throw new InvalidRequest(
                    field,
                    name,
                    "is disabled: instances keep it, but none gets it",
                    "Name one of compute.flavors().list()");
        }
        return flavor;
    }

    private Flavor visible(Transaction tx, Caller caller, String name) {
        Flavor flavor = entry(tx, name).value();
        if (!accessOf(tx, name).isFor(caller.project()) && !mayWrite(caller)) {
            throw unknown(name);
        }
        return flavor;
    }

    private boolean mayWrite(Caller caller) {
        return access.permits(caller, Action.FLAVOR_WRITE, Optional.empty());
    }

    private FlavorAccess accessOf(Transaction tx, String name) {
        return state.flavorAccess()
                .get(tx, name)
                .map(entry -> entry.value().access())
                .orElse(FlavorAccess.OPEN);
    }

    private Table.Entry<Flavor> entry(Transaction tx, String name) {
        return state.flavors().get(tx, name).orElseThrow(() -> unknown(name));
    }

    private static NotFound unknown(String name) {
        return AccessControl.unknown(ref(name));
    }

    private static ResourceRef ref(String name) {
        return new ResourceRef("flavor", name);
    }

    /** What can be said before an image is known. */
    private void check(Flavor flavor) {
        TopologySpecs.check(flavor.vcpus(), flavor.extraSpecs());
        ResourceNeeds.parse(flavor.extraSpecs(), Map.of());
        PciAlias.requests(flavor.extraSpecs(), Map.of(), aliases);
    }

    private final class Seen implements Flavors {
        private final Caller caller;

        Seen(Caller caller) {
            this.caller = caller;
        }

        private void require(Action action, String name) {
            access.require(caller, action, ref(name), Optional.empty());
        }

        @Override
        public Flavor create(Flavor flavor) {
            require(Action.FLAVOR_WRITE, flavor.name());
            check(flavor);
            return state.transact(tx -> {
                if (state.flavors().get(tx, flavor.name()).isPresent()) {
                    throw new Conflict(
                            flavor.ref(),
                            "Flavor " + flavor.name() + " exists already",
                            "Choose another name, update it, or delete it");
                }
                return state.flavors().insert(tx, flavor).value();
            });
        }

        @Override
        public Flavor update(Flavor flavor) {
            require(Action.FLAVOR_WRITE, flavor.name());
            check(flavor);
            return state.transact(tx -> {
                state.flavors().update(tx, entry(tx, flavor.name()), flavor);
                return flavor;
            });
        }

        @Override
        public Flavor get(String name) {
            require(Action.FLAVOR_READ, name);
            return state.read(tx -> visible(tx, caller, name));
        }

        @Override
        public List<Flavor> list() {
            require(Action.FLAVOR_READ, "*");
            boolean all = mayWrite(caller);
            return state.read(tx -> {
                Set<String> hidden = all
                        ? Set.of()
                        : state.flavorAccess().all(tx).stream()
                                .map(Table.Entry::value)
                                .filter(row ->
                                        row.access().disabled() || !row.access().isFor(caller.project()))
                                .map(FlavorAccessRow::flavor)
                                .collect(Collectors.toSet());
                return state.flavors().all(tx).stream()
                        .map(Table.Entry::value)
                        .filter(flavor -> !hidden.contains(flavor.name()))
                        .toList();
            });
        }

        @Override
        public void delete(String name) {
            require(Action.FLAVOR_WRITE, name);
            state.change(tx -> {
                state.flavors().delete(tx, entry(tx, name));
                state.flavorAccess().remove(tx, name);
            });
        }

        @Override
        public FlavorAccess access(String name) {
            require(Action.FLAVOR_WRITE, name);
            return state.read(tx -> {
                entry(tx, name);
                return accessOf(tx, name);
            });
        }

        @Override
        public void setAccess(String name, FlavorAccess wanted) {
            require(Action.FLAVOR_WRITE, name);
            FlavorAccessRow row = new FlavorAccessRow(name, wanted);
            state.change(tx -> {
                // Written anew, so that nobody deletes the flavor at the same time and leaves this behind.
                Table.Entry<Flavor> flavor = entry(tx, name);
                state.flavors().update(tx, flavor, flavor.value());
                state.flavorAccess()
                        .get(tx, name)
                        .ifPresentOrElse(
                                entry -> state.flavorAccess().update(tx, entry, row),
                                () -> state.flavorAccess().insert(tx, row));
            });
        }
    }
}
