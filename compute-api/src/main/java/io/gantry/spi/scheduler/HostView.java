package io.gantry.spi.scheduler;

import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import java.util.Optional;

/**
 * A host as filters and weighers see it.
 *
 * @param id the host
 * @param state whether it can be reached
 * @param disabledReason why new instances may not go there; empty if they may
 * @param inventory what it has
 * @param ratios its over-commitment
 * @param usage what is claimed there, pending claims included
 */
public record HostView(
        HostId id,
        HostState state,
        Optional<String> disabledReason,
        HostInventory inventory,
        AllocationRatios ratios,
        HostUsage usage) {
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
