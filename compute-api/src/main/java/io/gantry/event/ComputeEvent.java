package io.gantry.event;

import io.gantry.error.ResourceRef;
import java.time.Instant;

/**
 * Something happened. Open: each feature defines its own records; a listener ignores those that it does not know.
 */
public interface ComputeEvent {
    /** {@return what it happened to} */
    ResourceRef resource();

    /** {@return its place in the order of this engine's events: rises by at least 1 from event to event} */
    long sequence();

    /** {@return when the engine learnt of it} */
    Instant at();
}
