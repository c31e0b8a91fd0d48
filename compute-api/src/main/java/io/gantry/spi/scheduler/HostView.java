package io.gantry.spi.scheduler;

import static java.util.Objects.requireNonNull;

import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.topology.TopologyUse;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A host as filters and weighers see it. Immutable. */
public final class HostView {
    private final HostId id;
    private final HostState state;
    private final @Nullable String disabledReason;
    private final HostInventory inventory;
    private final AllocationRatios ratios;
    private final HostUsage usage;
    private final String zone;
    private final Map<String, Map<String, String>> aggregates;
    private final @Nullable String address;
    private final Set<String> traits;
    private final int ioOps;
    private final double failedBuilds;
    private final Map<String, Map<String, Integer>> imageProperties;
    private final TopologyUse topologyUse;

    private HostView(Builder builder) {
        this.id = builder.id;
        this.state = builder.state;
        this.disabledReason = builder.disabledReason;
        this.inventory = builder.inventory;
        this.ratios = builder.ratios;
        this.usage = builder.usage;
        this.zone = builder.zone;
        this.aggregates = builder.aggregates;
        this.address = builder.address;
        this.traits = builder.traits;
        this.ioOps = builder.ioOps;
        this.failedBuilds = builder.failedBuilds;
        this.imageProperties = builder.imageProperties;
        this.topologyUse = builder.topologyUse;
    }

    /**
     * {@return a builder; for a host that is up and enabled, unused, without over-commitment, in zone {@code default} and in
     * no aggregate unless told otherwise}
     *
     * @param id the host
     * @param inventory what it has
     */
    public static Builder builder(HostId id, HostInventory inventory) {
        return new Builder(id, inventory);
    }

    /** {@return a builder of a view like this one} */
    public Builder toBuilder() {
        Builder builder = new Builder(id, inventory);
        builder.state = state;
        builder.disabledReason = disabledReason;
        builder.ratios = ratios;
        builder.usage = usage;
        builder.zone = zone;
        builder.aggregates = aggregates;
        builder.address = address;
        builder.traits = traits;
        builder.ioOps = ioOps;
        builder.failedBuilds = failedBuilds;
        builder.imageProperties = imageProperties;
        builder.topologyUse = topologyUse;
        return builder;
    }

    /** {@return the host} */
    public HostId id() {
        return id;
    }

    /** {@return whether it can be reached} */
    public HostState state() {
        return state;
    }

    /** {@return why new instances may not go there; empty if they may} */
    public Optional<String> disabledReason() {
        return Optional.ofNullable(disabledReason);
    }

    /** {@return what it has; without what is reserved} */
    public HostInventory inventory() {
        return inventory;
    }

    /** {@return its over-commitment} */
    public AllocationRatios ratios() {
        return ratios;
    }

    /** {@return what is claimed there, pending claims included} */
    public HostUsage usage() {
        return usage;
    }

    /** {@return the availability zone that it is in} */
    public String zone() {
        return zone;
    }

    /** {@return the aggregates that it is in, by name, with their metadata} */
    public Map<String, Map<String, String>> aggregates() {
        return aggregates;
    }

    /** {@return the host's own IP address, if its connection names it by one instead of by a name} */
    public Optional<String> address() {
        return Optional.ofNullable(address);
    }

    /** {@return the traits of the host's own provider} */
    public Set<String> traits() {
        return traits;
    }

    /**
     * {@return how many builds, rebuilds, resizes, migrations, evacuations, snapshots, rescues and (un)shelvings are in progress
     * there; a move counts on both hosts}
     */
    public int ioOps() {
        return ioOps;
    }

    /**
     * {@return how many builds failed there since the last one that succeeded; 0 or more} Each counts for less the longer it is
     * ago, so that this is no whole number. It is what one control node has seen.
     */
    public double failedBuilds() {
        return failedBuilds;
    }

    /**
     * {@return what guests with a topology or devices have of the host's topology, pending claims included} The topology is
     * part of the {@linkplain #inventory inventory}.
     */
    public TopologyUse topologyUse() {
        return topologyUse;
    }

    /** {@return how many PCI devices are free; of a physical function and its virtual ones either} */
    public int freeDevices() {
        return topologyUse.freeDevices(inventory.topology());
    }

    /**
     * {@return how many instances there have an image with a property; 0 unless a weigher asks for it by
     * {@link HostWeigher#imageProperties}}
     *
     * @param property the property
     * @param value its value
     */
    public int instancesWith(String property, String value) {
        return imageProperties.getOrDefault(property, Map.of()).getOrDefault(value, 0);
    }

    /**
     * {@return what the host's aggregates say under a key; empty if none says anything}
     *
     * @param key a key of their metadata
     */
    public Set<String> aggregateMetadata(String key) {
        return aggregates.values().stream()
                .filter(metadata -> metadata.containsKey(key))
                .map(metadata -> metadata.getOrDefault(key, ""))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return how many vCPUs may still be claimed; negative if over-committed beyond the ratio} */
    public long freeVcpus() {
        return (long) Math.floor(inventory.vcpus() * ratios.vcpus()) - usage.vcpus();
    }

    /** {@return how many bytes of memory may still be claimed; negative if over-committed beyond the ratio} */
    public long freeMemory() {
        return (long) Math.floor(inventory.memory().bytes() * ratios.memory())
                - usage.memory().bytes();
    }

    /** {@return how many bytes of disk may still be claimed; negative if over-committed beyond the ratio} */
    public long freeDisk() {
        return (long) Math.floor(inventory.disk().bytes() * ratios.disk())
                - usage.disk().bytes();
    }

    @Override
    public String toString() {
        return "HostView[" + id + " " + state + (disabledReason == null ? "" : ", disabled: " + disabledReason) + ", "
                + inventory + ", " + ratios + ", " + usage + ", zone " + zone + ", " + aggregates + ", traits "
                + new TreeSet<>(traits) + ", "
                + ioOps + " I/O operations, " + failedBuilds + " failed builds]";
    }

    /** Builds a {@link HostView}; not safe for use by several threads. */
    public static final class Builder {
        private static final HostUsage UNUSED = new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO);
        private static final AllocationRatios EXACT = new AllocationRatios(1, 1, 1);

        private final HostId id;
        private HostInventory inventory;
        private HostState state = HostState.UP;
        private @Nullable String disabledReason;
        private AllocationRatios ratios = EXACT;
        private HostUsage usage = UNUSED;
        private String zone = "default";
        private Map<String, Map<String, String>> aggregates = Map.of();
        private @Nullable String address;
        private Set<String> traits = Set.of();
        private int ioOps;
        private double failedBuilds;
        private Map<String, Map<String, Integer>> imageProperties = Map.of();
        private TopologyUse topologyUse = TopologyUse.NONE;

        private Builder(HostId id, HostInventory inventory) {
            this.id = requireNonNull(id, "id");
            this.inventory = requireNonNull(inventory, "inventory");
        }

        /**
         * {@return this builder}
         *
         * @param has what the host has, without what is reserved
         */
        public Builder inventory(HostInventory has) {
            this.inventory = requireNonNull(has, "has");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param now whether it can be reached
         */
        public Builder state(HostState now) {
            this.state = requireNonNull(now, "now");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param reason why new instances may not go there; empty if they may
         */
        public Builder disabled(Optional<String> reason) {
            this.disabledReason = reason.orElse(null);
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param overCommitment the host's over-commitment
         */
        public Builder ratios(AllocationRatios overCommitment) {
            this.ratios = requireNonNull(overCommitment, "overCommitment");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param claimed what is claimed there, pending claims included
         */
        public Builder usage(HostUsage claimed) {
            this.usage = requireNonNull(claimed, "claimed");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param name the availability zone that it is in
         */
        public Builder zone(String name) {
            this.zone = requireNonNull(name, "name");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param byName the aggregates that it is in, by name, with their metadata; copied
         */
        public Builder aggregates(Map<String, Map<String, String>> byName) {
            this.aggregates = deepCopy(byName);
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param literal the host's own IP address, if it is known
         */
        public Builder address(Optional<String> literal) {
            this.address = literal.orElse(null);
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param names the traits of the host's own provider; copied
         */
        public Builder traits(Set<String> names) {
            this.traits = Set.copyOf(names);
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param running how many builds, moves, snapshots and the like are in progress there, 0 or more
         */
        public Builder ioOps(int running) {
            this.ioOps = running;
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param recent how many builds failed there since the last one that succeeded, 0 or more
         */
        public Builder failedBuilds(double recent) {
            this.failedBuilds = recent;
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param has what guests with a topology or devices have, pending claims included
         */
        public Builder topologyUse(TopologyUse has) {
            this.topologyUse = requireNonNull(has, "has");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param counts how many instances there have an image with a property, by property and value; copied
         */
        public Builder imageProperties(Map<String, Map<String, Integer>> counts) {
            this.imageProperties = counts.isEmpty()
                    ? Map.of()
                    : counts.entrySet().stream()
                            .collect(Collectors.toUnmodifiableMap(
                                    Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
            return this;
        }

        /** Copies nothing that cannot change: hosts of one rack, and all states of one host, share what they are in. */
        private static Map<String, Map<String, String>> deepCopy(Map<String, Map<String, String>> given) {
            boolean immutable = true;
            Map<String, Map<String, String>> copy = new HashMap<>();
            for (Map.Entry<String, Map<String, String>> entry : given.entrySet()) {
                Map<String, String> metadata = Map.copyOf(entry.getValue());
                immutable &= metadata == entry.getValue();
                copy.put(entry.getKey(), metadata);
            }
            return Map.copyOf(immutable ? given : copy);
        }

        /** {@return the view} */
        public HostView build() {
            return new HostView(this);
        }
    }
}
