package io.gantry.spi.scheduler;

import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A host as filters and weighers see it.
 *
 * @param id the host
 * @param state whether it can be reached
 * @param disabledReason why new instances may not go there; empty if they may
 * @param inventory what it has
 * @param ratios its over-commitment
 * @param usage what is claimed there, pending claims included
 * @param zone the availability zone that it is in
 * @param aggregates the aggregates that it is in, by name, with their metadata
 */
public record HostView(
        HostId id,
        HostState state,
        Optional<String> disabledReason,
        HostInventory inventory,
        AllocationRatios ratios,
        HostUsage usage,
        String zone,
        Map<String, Map<String, String>> aggregates) {
    /**
     * Copies the aggregates.
     *
     * @param id see the record
     * @param state see the record
     * @param disabledReason see the record
     * @param inventory see the record
     * @param ratios see the record
     * @param usage see the record
     * @param zone see the record
     * @param aggregates see the record
     */
    public HostView {
        aggregates = aggregates.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
    }

    /**
     * {@return what the host's aggregates say under a key; empty if none says anything}
     *
     * @param key a key of their metadata
     */
    public Set<String> aggregateMetadata(String key) {
        return aggregates.values().stream()
                .filter(metadata -> metadata.containsKey(key))
                .map(metadata -> metadata.getOrDefault(key, ""))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return how many vCPUs may still be claimed; negative if over-committed beyond the ratio} */
    public long freeVcpus() {
        return (long) Math.floor(inventory.vcpus() * ratios.vcpus()) - usage.vcpus();
    }

    /** {@return how many bytes of memory may still be claimed; negative if over-committed beyond the ratio} */
    public long freeMemory() {
        return (long) Math.floor(inventory.memory().bytes() * ratios.memory())
                - usage.memory().bytes();
    }

    /** {@return how many bytes of disk may still be claimed; negative if over-committed beyond the ratio} */
    public long freeDisk() {
        return (long) Math.floor(inventory.disk().bytes() * ratios.disk())
                - usage.disk().bytes();
    }
}
