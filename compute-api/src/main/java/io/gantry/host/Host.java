package io.gantry.host;

import java.util.Optional;

/**
 * A registered host.
 *
 * @param id its id
 * @param driver the driver that runs it
 * @param state whether it can be reached
 * @param enabled whether new instances may go there
 * @param disabledReason why not, if it is disabled
 * @param inventory what it has
 * @param ratios its over-commitment
 * @param usage what is claimed there
 */
public record Host(
        HostId id,
        String driver,
        HostState state,
        boolean enabled,
        Optional<String> disabledReason,
        HostInventory inventory,
        AllocationRatios ratios,
        HostUsage usage) {}
