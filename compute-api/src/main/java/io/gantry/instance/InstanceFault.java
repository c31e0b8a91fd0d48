package io.gantry.instance;

import java.time.Instant;

/**
 * The last thing that went wrong with an instance.
 *
 * @param code the stable code of the failure, or {@code GUEST_CRASHED}
 * @param message what happened
 * @param at when
 */
public record InstanceFault(String code, String message, Instant at) {}
