package io.gantry.instance;

import io.gantry.error.ResourceRef;
import io.gantry.event.ComputeEvent;
import java.time.Instant;

/**
 * An instance changed.
 *
 * @param sequence see {@link ComputeEvent#sequence()}
 * @param at when the engine learnt of it
 * @param instance the instance afterwards; in state {@link VmState#DELETED} when it is gone
 * @param cause what changed it: a verb, or what the hypervisor reported
 */
public record InstanceChanged(long sequence, Instant at, Instance instance, String cause) implements ComputeEvent {
    @Override
    public ResourceRef resource() {
        return instance.id().ref();
    }
}
