package io.gantry.host;

import io.gantry.error.ResourceRef;
import io.gantry.event.ComputeEvent;
import java.time.Instant;

/**
 * An aggregate was created, changed or deleted.
 *
 * @param sequence see {@link ComputeEvent#sequence()}
 * @param at when that was
 * @param aggregate the aggregate afterwards; as it was last, if it was deleted
 * @param cause {@code create}, {@code update}, {@code delete}, {@code add-host} or {@code remove-host}
 */
public record AggregateChanged(long sequence, Instant at, Aggregate aggregate, String cause) implements ComputeEvent {
    @Override
    public ResourceRef resource() {
        return Aggregate.ref(aggregate.name());
    }
}
