package io.gantry.host;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says what aggregate to create. Immutable. */
public final class AggregateSpec {
    private final String name;
    private final @Nullable String zone;
    private final Map<String, String> metadata;

    private AggregateSpec(Builder builder) {
        this.name = builder.name;
        this.zone = builder.zone;
        this.metadata = Map.copyOf(builder.metadata);
    }

    /**
     * {@return a builder: no zone, no metadata}
     *
     * @param name 1 to 255 characters, none of them a control character
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return the zone that its hosts will be in, if it makes one} */
    public Optional<String> zone() {
        return Optional.ofNullable(zone);
    }

    /** {@return what is said of its hosts} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Builds an {@link AggregateSpec}; not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final Map<String, String> metadata = new TreeMap<>();
        private @Nullable String zone;

        private Builder(String name) {
            this.name = requireNonNull(name, "name");
        }

        /**
         * Makes the hosts of the aggregate a zone, or a part of one that other aggregates make too.
         *
         * @param zone 1 to 255 characters, none of them a control character or {@code :}; no space at either end
         * @return this
         */
        public Builder zone(String zone) {
            this.zone = requireNonNull(zone, "zone");
            return this;
        }

        /**
         * Adds a key-value pair, for filters.
         *
         * @param key 1 to 255 ASCII letters, digits, spaces and {@code - _ : .}; not {@code availability_zone}
         * @param value up to 255 characters, none of them a control character
         * @return this
         */
        public Builder metadata(String key, String value) {
            metadata.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * {@return the specification}
         *
         * @throws InvalidRequest if a value has a form that is not allowed
         */
        public AggregateSpec build() {
            AggregateNames.checkName(name);
            AggregateNames.checkMetadata(metadata);
            if (zone != null) {
                ZoneName.check("aggregate.zone", zone);
            }
            return new AggregateSpec(this);
        }
    }
}
