package io.gantry.spi.driver;

import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;

/**
 * A guest as its host has it now.
 *
 * @param id the guest
 * @param power its power state; a guest that arrives by migration and does not run yet is {@link PowerState#NOSTATE}
 * @param reason the hypervisor's own words on why it is in that state
 */
public record GuestState(InstanceId id, PowerState power, String reason) {}
