package io.gantry.placement;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A provider as an operator describes it: a part of a host, or a pool that hosts share. Immutable. */
public final class ProviderSpec {
    private final ProviderId id;
    private final Optional<ProviderId> parent;
    private final Set<String> traits;
    private final Set<String> aggregates;
    private final Map<ResourceClass, Inventory> inventories;

    private ProviderSpec(Builder builder) {
        this.id = builder.id;
        this.parent = builder.parent;
        this.traits = Set.copyOf(builder.traits);
        this.aggregates = Set.copyOf(builder.aggregates);
        this.inventories = Map.copyOf(builder.inventories);
    }

    /**
     * {@return a builder: no parent, nothing in it}
     *
     * @param id the provider's id
     */
    public static Builder builder(ProviderId id) {
        return new Builder(id);
    }

    /** {@return the id} */
    public ProviderId id() {
        return id;
    }

    /** {@return what it is a part of} */
    public Optional<ProviderId> parent() {
        return parent;
    }

    /** {@return the traits} */
    public Set<String> traits() {
        return traits;
    }

    /** {@return the aggregates} */
    public Set<String> aggregates() {
        return aggregates;
    }

    /** {@return the inventories} */
    public Map<ResourceClass, Inventory> inventories() {
        return inventories;
    }

    /** Builds a {@link ProviderSpec}. */
    public static final class Builder {
        private final ProviderId id;
        private final Set<String> traits = new LinkedHashSet<>();
        private final Set<String> aggregates = new LinkedHashSet<>();
        private final Map<ResourceClass, Inventory> inventories = new TreeMap<>();
        private Optional<ProviderId> parent = Optional.empty();

        private Builder(ProviderId id) {
            this.id = requireNonNull(id, "id");
        }

        /**
         * Makes it a part of another provider, such as a host's.
         *
         * @param provider the other provider
         * @return this
         */
        public Builder parent(ProviderId provider) {
            this.parent = Optional.of(provider);
            return this;
        }

        /**
         * Adds traits.
         *
         * @param names 1 to 255 upper-case letters, digits and underscores each
         * @return this
         * @throws InvalidRequest if a name has another form
         */
        public Builder traits(String... names) {
            traits.addAll(ProviderNames.traits(List.of(names)));
            return this;
        }

        /**
         * Adds it to aggregates.
         *
         * @param names names of aggregates that exist: 1 to 255 characters each, none of them a control character
         * @return this
         * @throws InvalidRequest if a name has another form
         */
        public Builder aggregates(String... names) {
            aggregates.addAll(ProviderNames.aggregates(List.of(names)));
            return this;
        }

        /**
         * Adds an inventory, or replaces that of the same class.
         *
         * @param resource what it counts
         * @param inventory the inventory
         * @return this
         */
        public Builder inventory(ResourceClass resource, Inventory inventory) {
            inventories.put(requireNonNull(resource, "resource"), requireNonNull(inventory, "inventory"));
            return this;
        }

        /** {@return the specification} */
        public ProviderSpec build() {
            return new ProviderSpec(this);
        }
    }
}
