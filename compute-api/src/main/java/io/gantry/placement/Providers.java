package io.gantry.placement;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import java.util.List;
import java.util.Set;

/**
 * What there is to claim, and how much of it is claimed: hosts, their parts, and pools that hosts share. Safe for use by
 * many threads.
 *
 * <p>Each host is the root of a tree. What its driver reports becomes the totals of its {@code VCPU}, {@code MEMORY_MB}
 * and {@code DISK_MB}, which each read of the host renews; reserves, units, ratios and custom classes are the operator's.
 * A pool is a root with trait {@link Provider#SHARES_VIA_AGGREGATE}: for every host in an aggregate with it, it takes
 * the place of the host's own inventory of the same class, since hosts with one storage all report the same bytes. Put
 * hosts into such an aggregate before they have instances: claims that are there stay where they are.
 */
public interface Providers {
    /** {@return all providers, by id} */
    List<Provider> list();

    /**
     * {@return a provider}
     *
     * @param id its id
     * @throws NotFound if there is none
     */
    Provider get(ProviderId id);

    /**
     * {@return a provider's whole tree, by id}
     *
     * @param id any provider of the tree
     * @throws NotFound if there is none
     */
    List<Provider> tree(ProviderId id);

    /**
     * Adds a part of a provider or a pool, or makes an existing one what the specification says.
     *
     * @param spec what it is
     * @return the provider
     * @throws NotFound if its parent or one of its aggregates does not exist
     * @throws InvalidRequest if the provider exists with another parent
     * @throws Conflict if the id is a host's, or more is claimed of it than the specification has
     */
    Provider put(ProviderSpec spec);

    /**
     * Sets what a provider has of one class. The total that a host's driver reports is replaced when the host is next
     * read.
     *
     * @param id its id
     * @param resource the class
     * @param inventory what it has
     * @param force whether to accept less than is claimed; the provider then accepts only claims that do not worsen that
     * @return the provider
     * @throws NotFound if there is none
     * @throws Conflict if more is claimed than the inventory has, and it is not forced
     */
    Provider setInventory(ProviderId id, ResourceClass resource, Inventory inventory, boolean force);

    /**
     * Removes what a provider has of one class.
     *
     * @param id its id
     * @param resource the class; nothing happens if it has none
     * @param force whether to remove it although it is claimed
     * @return the provider
     * @throws NotFound if there is none
     * @throws Conflict if some of it is claimed, and it is not forced
     */
    Provider removeInventory(ProviderId id, ResourceClass resource, boolean force);

    /**
     * Replaces a provider's traits.
     *
     * @param id its id
     * @param traits 1 to 255 upper-case letters, digits and underscores each
     * @return the provider
     * @throws NotFound if there is none
     * @throws InvalidRequest if a trait has another form
     */
    Provider setTraits(ProviderId id, Set<String> traits);

    /**
     * Replaces the aggregates that a provider belongs to. For a host's own provider this is what
     * {@link io.gantry.host.Aggregates#addHost addHost} and {@link io.gantry.host.Aggregates#removeHost removeHost} do,
     * with the same rules: there is one membership.
     *
     * @param id its id
     * @param aggregates names of aggregates
     * @return the provider
     * @throws NotFound if there is no such provider, or no such aggregate
     * @throws InvalidRequest if a name has another form
     * @throws Conflict if a host would be in two zones, or instances on it asked for the zone that it would leave
     */
    Provider setAggregates(ProviderId id, Set<String> aggregates);

    /**
     * Removes a part or a pool; a host's provider goes with the host.
     *
     * @param id its id
     * @throws NotFound if there is none
     * @throws Conflict if it is a host's, has parts, or something is claimed there
     */
    void remove(ProviderId id);
}
