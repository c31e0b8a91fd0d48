package io.gantry.instance;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to change of an instance's descriptive data; what is not set stays. Immutable. */
public final class InstanceUpdate {
    private final @Nullable String name;
    private final @Nullable String description;
    private final @Nullable String hostname;

    private InstanceUpdate(Builder builder) {
        this.name = builder.name;
        this.description = builder.description;
        this.hostname = builder.hostname;
    }

    /** {@return a builder that changes nothing yet} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the new name, if it changes} */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** {@return the new description, if it changes; the empty text removes it} */
    public Optional<String> description() {
        return Optional.ofNullable(description);
    }

    /** {@return the new host name, if it changes; the guest learns of it when it next reads its metadata} */
    public Optional<String> hostname() {
        return Optional.ofNullable(hostname);
    }

    /** Builds an {@link InstanceUpdate}; not safe for use by several threads. */
    public static final class Builder {
        private @Nullable String name;
        private @Nullable String description;
        private @Nullable String hostname;

        private Builder() {}

        /**
         * Renames the instance.
         *
         * @param name as for {@link InstanceSpec#builder(String)}
         * @return this
         */
        public Builder name(String name) {
            this.name = requireNonNull(name, "name");
            return this;
        }

        /**
         * Describes the instance.
         *
         * @param description up to 255 characters; empty for none
         * @return this
         */
        public Builder description(String description) {
            this.description = requireNonNull(description, "description");
            return this;
        }

        /**
         * Sets the host name.
         *
         * @param hostname as for {@link InstanceSpec.Builder#hostname(String)}
         * @return this
         */
        public Builder hostname(String hostname) {
            this.hostname = requireNonNull(hostname, "hostname");
            return this;
        }

        /**
         * {@return the update}
         *
         * @throws InvalidRequest if a value has a form that is not allowed, or nothing changes
         */
        public InstanceUpdate build() {
            if (name == null && description == null && hostname == null) {
                throw new InvalidRequest(
                        "instance.update", "nothing", "changes nothing", "Set name, description or hostname");
            }
            if (name != null) {
                InstanceText.checkName(name);
            }
            if (description != null) {
                InstanceText.checkDescription(description);
            }
            if (hostname != null) {
                InstanceText.checkHostname(hostname);
            }
            return new InstanceUpdate(this);
        }
    }
}
