package io.gantry.host;

import java.util.List;

/**
 * An availability zone.
 *
 * @param name its name
 * @param available whether new instances can go there: one of its hosts is enabled and up
 * @param hosts the hosts in it, by id; empty for callers who may not see hosts
 */
public record Zone(String name, boolean available, List<HostId> hosts) {
    /**
     * Copies the hosts.
     *
     * @param name see the record
     * @param available see the record
     * @param hosts see the record
     */
    public Zone {
        hosts = List.copyOf(hosts);
    }
}
