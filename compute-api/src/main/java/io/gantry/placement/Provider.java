package io.gantry.placement;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that has resources: a host, a part of one (a NUMA cell, a PCI device), or a pool that several hosts share.
 *
 * @param id its id
 * @param parent what it is a part of; empty for hosts and pools
 * @param root the top of its tree; itself for hosts and pools
 * @param traits what it is like, such as {@code HW_CPU_X86_AVX2} or {@code CUSTOM_SSD}
 * @param aggregates names of the aggregates that it belongs to
 * @param inventories what it has
 * @param used what is claimed of it, pending claims included
 * @param generation raised by 1 with each change of the provider or of what is claimed there
 */
public record Provider(
        ProviderId id,
        Optional<ProviderId> parent,
        ProviderId root,
        Set<String> traits,
        Set<String> aggregates,
        Map<ResourceClass, Inventory> inventories,
        Map<ResourceClass, Long> used,
        long generation) {
    /** Trait of a pool whose inventories serve every host that is in an aggregate with it. */
    public static final String SHARES_VIA_AGGREGATE = "MISC_SHARES_VIA_AGGREGATE";

    /**
     * Copies the sets and maps.
     *
     * @param id see the record
     * @param parent see the record
     * @param root see the record
     * @param traits see the record
     * @param aggregates see the record
     * @param inventories see the record
     * @param used see the record
     * @param generation see the record
     */
    public Provider {
        traits = Set.copyOf(traits);
        aggregates = Set.copyOf(aggregates);
        inventories = Map.copyOf(inventories);
        used = Map.copyOf(used);
    }

    /**
     * {@return how much may still be claimed; negative if over-committed beyond the ratio, 0 without an inventory}
     *
     * @param resource the resource class
     */
    public long free(ResourceClass resource) {
        Inventory inventory = inventories.get(resource);
        long capacity = inventory == null ? 0 : inventory.capacity();
        return capacity - used.getOrDefault(resource, 0L);
    }
}
