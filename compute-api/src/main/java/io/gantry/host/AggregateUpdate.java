package io.gantry.host;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What to change of an aggregate; what is not set stays. Immutable. */
public final class AggregateUpdate {
    private final @Nullable String name;
    private final @Nullable String zone;
    private final boolean removesZone;
    private final Map<String, String> metadata;
    private final Set<String> removedMetadata;

    private AggregateUpdate(Builder builder) {
        this.name = builder.name;
        this.zone = builder.zone;
        this.removesZone = builder.removesZone;
        this.metadata = Map.copyOf(builder.metadata);
        this.removedMetadata = Set.copyOf(builder.removedMetadata);
    }

    /** {@return a builder that changes nothing yet} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the new name, if it changes} */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /**
     * {@return the zone afterwards}
     *
     * @param before the zone before
     */
    public Optional<String> zone(Optional<String> before) {
        return removesZone ? Optional.empty() : Optional.ofNullable(zone).or(() -> before);
    }

    /**
     * {@return the metadata afterwards}
     *
     * @param before the metadata before
     */
    public Map<String, String> metadata(Map<String, String> before) {
        Map<String, String> after = new TreeMap<>(before);
        after.keySet().removeAll(removedMetadata);
        after.putAll(metadata);
        return after;
    }

    /** Builds an {@link AggregateUpdate}; not safe for use by several threads. */
    public static final class Builder {
        private final Map<String, String> metadata = new TreeMap<>();
        private final Set<String> removedMetadata = new TreeSet<>();
        private @Nullable String name;
        private @Nullable String zone;
        private boolean removesZone;

        private Builder() {}

        /**
         * Renames the aggregate, for its members too.
         *
         * @param name as for {@link AggregateSpec#builder(String)}
         * @return this
         */
        public Builder name(String name) {
            this.name = requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the zone.
         *
         * @param zone as for {@link AggregateSpec.Builder#zone(String)}
         * @return this
         */
        public Builder zone(String zone) {
            this.zone = requireNonNull(zone, "zone");
            this.removesZone = false;
            return this;
        }

        /**
         * Lets the aggregate make no zone any more.
         *
         * @return this
         */
        public Builder noZone() {
            this.zone = null;
            this.removesZone = true;
            return this;
        }

        /**
         * Adds a key-value pair, or replaces that of the same key.
         *
         * @param key as for {@link AggregateSpec.Builder#metadata(String, String)}
         * @param value likewise
         * @return this
         */
        public Builder metadata(String key, String value) {
            metadata.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
            removedMetadata.remove(key);
            return this;
        }

        /**
         * Removes a key-value pair; nothing happens if there is none.
         *
         * @param key its key
         * @return this
         */
        public Builder removeMetadata(String key) {
            removedMetadata.add(requireNonNull(key, "key"));
            metadata.remove(key);
            return this;
        }

        /**
         * {@return the update}
         *
         * @throws InvalidRequest if a value has a form that is not allowed, or nothing changes
         */
        public AggregateUpdate build() {
            if (name == null && zone == null && !removesZone && metadata.isEmpty() && removedMetadata.isEmpty()) {
                throw new InvalidRequest(
                        "aggregate.update", "nothing", "changes nothing", "Set name, zone or metadata");
            }
            if (name != null) {
                AggregateNames.checkName(name);
            }
            if (zone != null) {
                ZoneName.check("aggregate.zone", zone);
            }
            AggregateNames.checkMetadata(metadata);
            return new AggregateUpdate(this);
        }
    }
}
