package io.gantry.core.sync;

import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;

/**
 * What follows for an instance from what the hypervisor says of its guest, while no verb works on it.
 *
 * <p>Unlike Nova, a guest that somebody started, paused or resumed outside the engine is not forced back: the engine's
 * view follows the hypervisor's.
 */
public final class PowerRules {
    private PowerRules() {}

    /** {@return the state that an instance in this state has, once its guest's power state is known} */
    public static VmState follow(VmState state, PowerState power) {
        return switch (state) {
            case ACTIVE, PAUSED, STOPPED, SUSPENDED -> ofGuest(state, power);
            default -> state;
        };
    }

    /** {@return the state of an instance whose guest has this power state; {@code otherwise} where that does not tell} */
    public static VmState ofGuest(VmState otherwise, PowerState power) {
        return switch (power) {
            case RUNNING -> VmState.ACTIVE;
            case PAUSED -> VmState.PAUSED;
            case SUSPENDED -> VmState.SUSPENDED;
            case SHUTDOWN, CRASHED -> VmState.STOPPED;
            case NOSTATE -> otherwise;
        };
    }
}
