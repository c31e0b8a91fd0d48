package io.gantry.core.state;

import io.gantry.placement.Inventory;
import io.gantry.placement.Provider;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A resource provider and what is claimed of it. The row's version is the provider's generation: every claim is an update
 * of the row as it was read, so that two claims never miss each other.
 *
 * @param id its id; a host's own provider has the host's
 * @param parent what it is a part of
 * @param root the top of its tree
 * @param host whether it is a host's own provider
 * @param traits what it is like
 * @param aggregates sets that it belongs to
 * @param inventories what it has, by resource class
 * @param used the sum of the claims on it, by resource class
 * @param claims how many claims there are on it
 */
public record ProviderRow(
        String id,
        Optional<String> parent,
        String root,
        boolean host,
        Set<String> traits,
        Set<String> aggregates,
        Map<String, Inventory> inventories,
        Map<String, Long> used,
        int claims) {
    /** Copies the sets and maps. */
    public ProviderRow {
        traits = Set.copyOf(traits);
        aggregates = Set.copyOf(aggregates);
        inventories = Map.copyOf(inventories);
        used = Map.copyOf(used);
    }

    /** {@return whether its inventories serve the hosts of its aggregates} */
    public boolean isShared() {
        return !host && parent.isEmpty() && traits.contains(Provider.SHARES_VIA_AGGREGATE);
    }

    /** {@return how much of a class is claimed} */
    public long usedOf(String resource) {
        return used.getOrDefault(resource, 0L);
    }

    /** {@return how much of a class may be claimed in all} */
    public long capacity(String resource) {
        Inventory inventory = inventories.get(resource);
        return inventory == null ? 0 : inventory.capacity();
    }

    /** {@return the row with another usage} */
    public ProviderRow withUsage(Map<String, Long> amounts, int count) {
        return new ProviderRow(id, parent, root, host, traits, aggregates, inventories, amounts, count);
    }

    /** {@return the row with an inventory set, or removed if there is none to set} */
    public ProviderRow withInventory(String resource, Optional<Inventory> inventory) {
        Map<String, Inventory> changed = new HashMap<>(inventories);
        inventory.ifPresentOrElse(some -> changed.put(resource, some), () -> changed.remove(resource));
        return withInventories(changed);
    }

    /** {@return the row with other inventories} */
    public ProviderRow withInventories(Map<String, Inventory> changed) {
        return new ProviderRow(id, parent, root, host, traits, aggregates, changed, used, claims);
    }

    /** {@return the row with other traits} */
    public ProviderRow withTraits(Set<String> changed) {
        return new ProviderRow(id, parent, root, host, changed, aggregates, inventories, used, claims);
    }

    /** {@return the row with other aggregates} */
    public ProviderRow withAggregates(Set<String> changed) {
        return new ProviderRow(id, parent, root, host, traits, changed, inventories, used, claims);
    }
}
