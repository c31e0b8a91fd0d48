package io.gantry.spi.scheduler;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.identity.ProjectId;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.instance.SchedulerHints;
import io.gantry.instance.ServerGroupId;
import io.gantry.placement.ResourceClass;
import io.gantry.placement.ResourceNeeds;
import io.gantry.topology.GuestTopology;
import io.gantry.topology.PciRequest;
import io.gantry.topology.TopologyRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is to be placed. Immutable. */
public final class PlacementRequest {
    private final InstanceId instance;
    private final ProjectId project;
    private final Flavor flavor;
    private final DiskSize rootDisk;
    private final Image image;
    private final @Nullable String zone;
    private final Map<String, String> metadata;
    private final @Nullable ServerGroupId groupId;
    private final @Nullable GroupView group;
    private final SchedulerHints hints;
    private final ResourceNeeds needs;
    private final Set<String> requiredTraits;
    private final Set<String> forbiddenTraits;
    private final List<Set<String>> requiredAggregates;
    private final Set<String> forbiddenAggregates;
    private final Map<InstanceId, Set<HostId>> hintedHosts;
    private final TopologyNeed topologyNeed;

    private PlacementRequest(Builder builder) {
        this.instance = builder.instance;
        this.project = builder.project;
        this.flavor = builder.flavor;
        this.rootDisk = builder.rootDisk;
        this.image = builder.image;
        this.zone = builder.zone;
        this.metadata = builder.metadata;
        this.groupId = builder.groupId;
        this.group = builder.group;
        this.hints = builder.hints;
        this.requiredTraits = builder.requiredTraits;
        this.forbiddenTraits = builder.forbiddenTraits;
        this.requiredAggregates = builder.requiredAggregates;
        this.forbiddenAggregates = builder.forbiddenAggregates;
        ResourceNeeds asked = ResourceNeeds.parse(flavor.extraSpecs(), image.properties());
        this.needs = requiredTraits.isEmpty() && forbiddenTraits.isEmpty()
                ? asked
                : asked.with(requiredTraits, forbiddenTraits);
        this.hintedHosts = builder.hintedHosts;
        this.topologyNeed = builder.topologyNeed();
    }

    /**
     * {@return a builder; of a request for any zone, with the flavor's root disk and without metadata unless told otherwise}
     *
     * @param instance the instance
     * @param project whose it is; from the record of the instance or from the caller, never from what the caller sends
     * @param flavor its size
     * @param image what it boots from
     */
    public static Builder builder(InstanceId instance, ProjectId project, Flavor flavor, Image image) {
        return new Builder(instance, project, flavor, image);
    }

    /** {@return a builder of a request like this one} */
    public Builder toBuilder() {
        Builder builder = new Builder(instance, project, flavor, image);
        builder.rootDisk = rootDisk;
        builder.zone = zone;
        builder.metadata = metadata;
        builder.groupId = groupId;
        builder.group = group;
        builder.hints = hints;
        builder.hintedHosts = hintedHosts;
        builder.requiredTraits = requiredTraits;
        builder.forbiddenTraits = forbiddenTraits;
        builder.requiredAggregates = requiredAggregates;
        builder.forbiddenAggregates = forbiddenAggregates;
        builder.devices = topologyNeed.devices();
        builder.topology = topologyNeed.guest();
        builder.topologyIsRead = true;
        return builder;
    }

    /** {@return the instance} */
    public InstanceId instance() {
        return instance;
    }

    /** {@return whose it is; from the record of the instance or from the caller, never from what the caller sends} */
    public ProjectId project() {
        return project;
    }

    /** {@return its size} */
    public Flavor flavor() {
        return flavor;
    }

    /** {@return its root disk: the flavor's, or the image's virtual size if the flavor sets none} */
    public DiskSize rootDisk() {
        return rootDisk;
    }

    /** {@return what it boots from} */
    public Image image() {
        return image;
    }

    /** {@return the availability zone that it has to be in; empty for any} */
    public Optional<String> zone() {
        return Optional.ofNullable(zone);
    }

    /** {@return the owner's key-value pairs} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** {@return the server group that the instance is a member of, if it is of one} */
    public Optional<ServerGroupId> groupId() {
        return Optional.ofNullable(groupId);
    }

    /**
     * {@return that group and where its members are; empty without a group} The engine sees to it that it is there whenever
     * filters and weighers are asked.
     */
    public Optional<GroupView> group() {
        return Optional.ofNullable(group);
    }

    /** {@return what flavor, image and request filters ask of resource providers besides the flavor's size} */
    public ResourceNeeds needs() {
        return needs;
    }

    /** {@return sets of aggregates, of each of which the host has to be in one; what request filters ask for} */
    public List<Set<String>> requiredAggregates() {
        return requiredAggregates;
    }

    /** {@return aggregates that the host must not be in; what request filters rule out} */
    public Set<String> forbiddenAggregates() {
        return forbiddenAggregates;
    }

    /** {@return the vCPUs to claim: those of the flavor that are not dedicated, unless its extra specs say otherwise} */
    public long vcpus() {
        return needs.amount(ResourceClass.VCPU).orElse((long) flavor.vcpus() - topologyNeed.dedicatedVcpus());
    }

    /**
     * {@return the host's CPUs to claim for the guest alone: one for each dedicated vCPU, and one for the emulator's threads
     * if they are isolated, unless the flavor's extra specs say otherwise}
     */
    public long pcpus() {
        return needs.amount(ResourceClass.PCPU).orElse((long) topologyNeed.dedicatedCpus());
    }

    /** {@return the NUMA cells, dedicated CPUs and pages that flavor and image ask for, if they do} */
    public Optional<GuestTopology> topology() {
        return topologyNeed.guest();
    }

    /**
     * {@return the PCI devices that the flavor asks for} The engine, which knows the aliases, sees to it that they are there
     * whenever filters and weighers are asked.
     */
    public List<PciRequest> devices() {
        return topologyNeed.devices();
    }

    /** {@return both: topology and devices, to be asked whether they fit} */
    public TopologyNeed topologyNeed() {
        return topologyNeed;
    }

    /** {@return the memory to claim: the flavor's, unless its extra specs say otherwise} */
    public MemorySize memory() {
        return needs.amount(ResourceClass.MEMORY_MB).map(MemorySize::mib).orElse(flavor.memory());
    }

    /** {@return the local disk to claim: the root disk, unless the flavor's extra specs say otherwise} */
    public DiskSize localDisk() {
        return needs.amount(ResourceClass.DISK_MB).map(DiskSize::mib).orElse(rootDisk);
    }

    /** {@return what the owner tells the scheduler} */
    public SchedulerHints hints() {
        return hints;
    }

    /**
     * {@return on which hosts the instances are that the hints name: where they hold claims, both hosts for one that is
     * moving} Those that are on no host, or gone, are not among them. The engine sees to it that it is there whenever filters
     * and weighers are asked.
     */
    public Map<InstanceId, Set<HostId>> hintedHosts() {
        return hintedHosts;
    }

    @Override
    public String toString() {
        return "PlacementRequest[" + instance + " of " + project + ", " + flavor + ", root disk " + rootDisk
                + ", image " + image.id() + " " + image.properties() + ", zone " + zone + ", group " + groupId + "]";
    }

    /** Builds a {@link PlacementRequest}; not safe for use by several threads. */
    public static final class Builder {
        private InstanceId instance;
        private ProjectId project;
        private Flavor flavor;
        private DiskSize rootDisk;
        private Image image;
        private @Nullable String zone;
        private Map<String, String> metadata = Map.of();
        private @Nullable ServerGroupId groupId;
        private @Nullable GroupView group;
        private SchedulerHints hints = SchedulerHints.NONE;
        private Set<String> requiredTraits = Set.of();
        private Set<String> forbiddenTraits = Set.of();
        private List<Set<String>> requiredAggregates = List.of();
        private Set<String> forbiddenAggregates = Set.of();
        private Map<InstanceId, Set<HostId>> hintedHosts = Map.of();
        private List<PciRequest> devices = List.of();
        private Optional<GuestTopology> topology = Optional.empty();
        private boolean topologyIsRead;

        private Builder(InstanceId instance, ProjectId project, Flavor flavor, Image image) {
            this.instance = requireNonNull(instance, "instance");
            this.project = requireNonNull(project, "project");
            this.flavor = requireNonNull(flavor, "flavor");
            this.image = requireNonNull(image, "image");
            this.rootDisk = flavor.disk();
        }

        /**
         * {@return this builder}
         *
         * @param owner whose it is
         */
        public Builder project(ProjectId owner) {
            this.project = requireNonNull(owner, "owner");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param size its size; the root disk stays as it was set
         */
        public Builder flavor(Flavor size) {
            this.flavor = requireNonNull(size, "size");
            this.topologyIsRead = false;
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param size its root disk
         */
        public Builder rootDisk(DiskSize size) {
            this.rootDisk = requireNonNull(size, "size");
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param name the availability zone that it has to be in; empty for any
         */
        public Builder zone(Optional<String> name) {
            this.zone = name.orElse(null);
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param pairs the owner's key-value pairs; copied
         */
        public Builder metadata(Map<String, String> pairs) {
            this.metadata = Map.copyOf(pairs);
            return this;
        }

        /**
         * Names the server group; where its members are is not known then.
         *
         * @param id the server group that the instance is a member of; empty for none
         * @return this builder
         */
        public Builder groupId(Optional<ServerGroupId> id) {
            this.groupId = id.orElse(null);
            this.group = null;
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param seen the server group and where its other members are; empty for none
         */
        public Builder group(Optional<GroupView> seen) {
            this.groupId = seen.map(GroupView::id).orElse(null);
            this.group = seen.orElse(null);
            return this;
        }

        /**
         * Sets the hints; where the instances are that they name is not known then.
         *
         * @param told what the owner tells the scheduler
         * @return this builder
         */
        public Builder hints(SchedulerHints told) {
            this.hints = requireNonNull(told, "told");
            this.hintedHosts = Map.of();
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param byInstance on which hosts the instances are that the hints name; copied
         */
        public Builder hintedHosts(Map<InstanceId, Set<HostId>> byInstance) {
            this.hintedHosts = byInstance.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
            return this;
        }

        /**
         * Asks for traits besides those of flavor and image.
         *
         * @param traits traits that the host must have; added to those of earlier calls
         * @return this builder
         */
        public Builder requireTraits(Set<String> traits) {
            this.requiredTraits = union(requiredTraits, traits);
            return this;
        }

        /**
         * Rules traits out besides those of the flavor.
         *
         * @param traits traits that the host must not have; added to those of earlier calls
         * @return this builder
         */
        public Builder forbidTraits(Set<String> traits) {
            this.forbiddenTraits = union(forbiddenTraits, traits);
            return this;
        }

        /**
         * Asks for an aggregate; each call asks for one more.
         *
         * @param oneOf aggregates, of which the host has to be in one
         * @return this builder
         */
        public Builder requireAggregates(Set<String> oneOf) {
            List<Set<String>> all = new ArrayList<>(requiredAggregates);
            all.add(Set.copyOf(oneOf));
            this.requiredAggregates = List.copyOf(all);
            return this;
        }

        /**
         * Rules aggregates out.
         *
         * @param names aggregates that the host must not be in; added to those of earlier calls
         * @return this builder
         */
        public Builder forbidAggregates(Set<String> names) {
            this.forbiddenAggregates = union(forbiddenAggregates, names);
            return this;
        }

        /**
         * {@return this builder}
         *
         * @param asked the PCI devices that the flavor asks for; copied
         */
        public Builder devices(List<PciRequest> asked) {
            this.devices = List.copyOf(asked);
            return this;
        }

        private static Set<String> union(Set<String> some, Set<String> more) {
            Set<String> all = new HashSet<>(some);
            all.addAll(more);
            return Set.copyOf(all);
        }

        /**
         * {@return the request}
         *
         * @throws InvalidRequest if extra specs or image properties ask for resources or traits in another form than
         *     {@link ResourceNeeds#parse} or {@link TopologyRequest#topology} understands
         */
        public PlacementRequest build() {
            return new PlacementRequest(this);
        }

        /** Reads the topology once for a request and all that are made from it. */
        private TopologyNeed topologyNeed() {
            if (!topologyIsRead) {
                topology = TopologyRequest.topology(
                        flavor.vcpus(), flavor.memory(), flavor.extraSpecs(), image.properties());
                topologyIsRead = true;
            }
            return topology.isEmpty() && devices.isEmpty() ? TopologyNeed.NONE : new TopologyNeed(topology, devices);
        }
    }
}
