package io.gantry.core.placement;

import io.gantry.core.state.ProviderRow;
import io.gantry.placement.Inventory;
import io.gantry.placement.Verdict;
import java.util.Map;
import java.util.Optional;

/** Whether a provider can give what is asked of it. */
final class Room {
    private Room() {}

    /**
     * {@return why a consumer cannot hold other amounts than it does; empty if it can}
     *
     * <p>Beyond its capacity a provider accepts what leaves it no worse than it is.
     *
     * @param held what the consumer holds there
     * @param wanted what it is to hold instead
     */
    static Optional<Verdict> lack(ProviderRow provider, Map<String, Long> held, Map<String, Long> wanted) {
        for (Map.Entry<String, Long> entry : wanted.entrySet()) {
            String resource = entry.getKey();
            long amount = entry.getValue();
            long before = held.getOrDefault(resource, 0L);
            if (amount == before) {
                continue;
            }
            Inventory inventory = provider.inventories().get(resource);
            long free = provider.capacity(resource) - provider.usedOf(resource);
            if (amount > before && (inventory == null || amount - before > free)) {
                return Optional.of(Amounts.lack(resource, amount, free + before));
            }
            if (inventory != null && !inventory.allows(amount)) {
                return Optional.of(Amounts.refused(resource, amount, units(inventory)));
            }
        }
        return Optional.empty();
    }

    private static String units(Inventory inventory) {
        return "amounts from " + inventory.minUnit()
                + (inventory.maxUnit() == Inventory.UNLIMITED ? " on" : " to " + inventory.maxUnit())
                + (inventory.stepSize() == 1 ? "" : " in steps of " + inventory.stepSize());
    }
}
