package io.gantry.instance;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/**
 * An instance's guest is set up to have an agent, but the agent does not answer: its system is still booting, has none
 * installed, or is busy. Nothing was asked of it.
 */
public class GuestAgentUnavailable extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param instance the instance
     * @param why what was tried and what came of it
     */
    public GuestAgentUnavailable(ResourceRef instance, String why) {
        super(
                "GUEST_AGENT_UNAVAILABLE",
                true,
                instance,
                "The guest agent of " + instance + " does not answer: " + why,
                "Install and start qemu-guest-agent in it, or try again when it has booted",
                null);
    }
}
