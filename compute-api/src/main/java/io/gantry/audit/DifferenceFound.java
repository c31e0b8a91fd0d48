package io.gantry.audit;

import io.gantry.error.ResourceRef;
import io.gantry.event.ComputeEvent;
import java.time.Instant;

/**
 * The engine's own audit found a difference that was not there the time before. Told to callers who may audit.
 *
 * @param sequence see {@link ComputeEvent#sequence()}
 * @param at when the engine learnt of it
 * @param finding the difference, and whether it is repaired already
 */
public record DifferenceFound(long sequence, Instant at, Finding finding) implements ComputeEvent {
    @Override
    public ResourceRef resource() {
        return finding.resource();
    }
}
