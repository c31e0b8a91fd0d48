package io.gantry.host;

import io.gantry.error.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A set of hosts. Its metadata is what filters read; its zone, if it has one, is the availability zone of its hosts. Its
 * members are the resource providers that carry its name: hosts' own ones, and the parts and pools of
 * {@link io.gantry.placement.Providers#setAggregates}.
 *
 * @param name its name, unique within one engine
 * @param zone the zone that its hosts are in, if it makes one
 * @param metadata what is said of its hosts
 * @param hosts the hosts in it, by id
 */
public record Aggregate(String name, Optional<String> zone, Map<String, String> metadata, List<HostId> hosts) {
    /**
     * Copies metadata and hosts.
     *
     * @param name see the record
     * @param zone see the record
     * @param metadata see the record
     * @param hosts see the record
     */
    public Aggregate {
        metadata = Map.copyOf(metadata);
        hosts = List.copyOf(hosts);
    }

    /**
     * {@return a reference to an aggregate, for errors and events}
     *
     * @param name the aggregate's name
     */
    public static ResourceRef ref(String name) {
        return new ResourceRef("aggregate", name);
    }
}
