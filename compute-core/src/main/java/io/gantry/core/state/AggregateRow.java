package io.gantry.core.state;

import java.util.Map;
import java.util.Optional;

/**
 * An aggregate. Who is in it is said by its members alone: each {@link ProviderRow} names its aggregates.
 *
 * @param name its name
 * @param zone the zone that it makes, if it makes one
 * @param metadata what is said of its members
 */
public record AggregateRow(String name, Optional<String> zone, Map<String, String> metadata) {
    /** Copies the metadata. */
    public AggregateRow {
        metadata = Map.copyOf(metadata);
    }
}
