package io.gantry.core.placement;

import io.gantry.placement.ResourceClass;
import io.gantry.placement.ResourceNeeds;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.TopologyNeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an instance needs on a host, parts of the host included.
 *
 * @param need what the host itself gives, or a pool that it shares
 * @param groups what parts of the host give
 * @param isolate whether each group needs a provider of its own
 * @param sameSubtree whether one of the groups' providers must be, or contain, all the others, as a NUMA cell contains
 *     the devices that are close to it
 * @param topology the NUMA cells, dedicated CPUs, pages and devices that it is to have of the host
 */
public record Demand(Need need, List<Group> groups, boolean isolate, boolean sameSubtree, TopologyNeed topology) {
    /** What the need itself holds. */
    private static final Set<ResourceClass> OWN =
            Set.of(ResourceClass.VCPU, ResourceClass.PCPU, ResourceClass.MEMORY_MB, ResourceClass.DISK_MB);

    /** Copies the groups. */
    public Demand {
        groups = List.copyOf(groups);
    }

    /** Creates a demand without topology. */
    public Demand(Need need, List<Group> groups, boolean isolate, boolean sameSubtree) {
        this(need, groups, isolate, sameSubtree, TopologyNeed.NONE);
    }

    /** {@return a demand without groups} */
    public static Demand of(Need need) {
        return new Demand(need, List.of(), false, false);
    }

    /** {@return what a request asks for} */
    public static Demand of(PlacementRequest request) {
        Demand demand = of(Need.of(request), request.needs());
        return new Demand(demand.need, demand.groups, demand.isolate, demand.sameSubtree, request.topologyNeed());
    }

    /** {@return a demand with what a flavor's extra specs ask for beyond the need} */
    public static Demand of(Need need, ResourceNeeds needs) {
        List<Group> groups = new ArrayList<>();
        new TreeMap<>(needs.amounts()).forEach((resource, amount) -> {
            if (amount > 0 && !OWN.contains(resource)) {
                groups.add(new Group(Map.of(resource, amount), Set.of(), Set.of(), false));
            }
        });
        new TreeMap<>(needs.groups())
                .forEach((name, group) -> groups.add(new Group(group.amounts(), group.required(), group.forbidden())));
        return new Demand(need, groups, needs.isolate(), false);
    }

    /**
     * What one single provider of the host's tree has to give.
     *
     * @param amounts how much, by resource class; may be empty, to ask for traits only
     * @param required traits that the provider must have
     * @param forbidden traits that it must not have
     * @param apart whether it needs a provider of its own where groups are isolated
     */
    public record Group(Map<ResourceClass, Long> amounts, Set<String> required, Set<String> forbidden, boolean apart) {
        /** Creates a group that needs a provider of its own where groups are isolated. */
        public Group(Map<ResourceClass, Long> amounts, Set<String> required, Set<String> forbidden) {
            this(amounts, required, forbidden, true);
        }

        /** Copies all parts. */
        public Group {
            amounts = Map.copyOf(amounts);
            required = Set.copyOf(required);
            forbidden = Set.copyOf(forbidden);
        }

        /** {@return a group that asks for amounts only} */
        public static Group of(Map<ResourceClass, Long> amounts) {
            return new Group(amounts, Set.of(), Set.of());
        }
    }
}
