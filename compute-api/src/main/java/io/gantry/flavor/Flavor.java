package io.gantry.flavor;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;
import java.util.TreeMap;

/** A size that instances come in; copied into each instance, so later changes do not touch it. Immutable. */
public final class Flavor {
    private static final int MAX_NAME = 255;

    private final String name;
    private final int vcpus;
    private final MemorySize memory;
    private final DiskSize disk;
    private final Map<String, String> extraSpecs;

    private Flavor(Builder builder) {
        this.name = builder.name;
        this.vcpus = builder.vcpus;
        this.memory = builder.memory;
        this.disk = builder.disk;
        this.extraSpecs = Map.copyOf(builder.extraSpecs);
    }

    /**
     * {@return a builder: 1 vCPU, 512 MiB of memory, a root disk as large as the image}
     *
     * @param name 1 to 255 characters, none of them a control character; unique within one engine
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return the number of vCPUs, 1 or more} */
    public int vcpus() {
        return vcpus;
    }

    /** {@return the memory, at least 1 MiB} */
    public MemorySize memory() {
        return memory;
    }

    /** {@return the size of the root disk; zero means as large as the image} */
    public DiskSize disk() {
        return disk;
    }

    /** {@return extra specs by key, such as {@code hw:cpu_policy}} */
    public Map<String, String> extraSpecs() {
        return extraSpecs;
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("flavor", name);
    }

    /** {@return a builder with the values of this flavor} */
    public Builder toBuilder() {
        Builder builder = new Builder(name).vcpus(vcpus).memory(memory).disk(disk);
        extraSpecs.forEach(builder::extraSpec);
        return builder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Flavor that
                && name.equals(that.name)
                && vcpus == that.vcpus
                && memory.equals(that.memory)
                && disk.equals(that.disk)
                && extraSpecs.equals(that.extraSpecs);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name + " (" + vcpus + " vCPU, " + memory + ", disk " + disk + ")";
    }

    /** Builds a {@link Flavor}; not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final Map<String, String> extraSpecs = new TreeMap<>();
        private int vcpus = 1;
        private MemorySize memory = MemorySize.mib(512);
        private DiskSize disk = DiskSize.ZERO;

        private Builder(String name) {
            this.name = requireNonNull(name, "name");
        }

        /**
         * Sets the number of vCPUs.
         *
         * @param vcpus 1 or more
         * @return this
         */
        public Builder vcpus(int vcpus) {
            this.vcpus = vcpus;
            return this;
        }

        /**
         * Sets the memory.
         *
         * @param memory at least 1 MiB
         * @return this
         */
        public Builder memory(MemorySize memory) {
            this.memory = requireNonNull(memory, "memory");
            return this;
        }

        /**
         * Sets the size of the root disk.
         *
         * @param disk zero for as large as the image
         * @return this
         */
        public Builder disk(DiskSize disk) {
            this.disk = requireNonNull(disk, "disk");
            return this;
        }

        /**
         * Adds an extra spec.
         *
         * @param key such as {@code hw:cpu_policy}
         * @param value its value
         * @return this
         */
        public Builder extraSpec(String key, String value) {
            extraSpecs.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * {@return the flavor}
         *
         * @throws InvalidRequest if the name has another form, a flavor has no vCPU, or less than 1 MiB of memory
         */
        public Flavor build() {
            if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidRequest(
                        "flavor.name",
                        name,
                        "must have 1 to 255 characters, none of them a control character",
                        "Give a name such as 'm1.small'");
            }
            if (vcpus < 1) {
                throw new InvalidRequest("flavor.vcpus", vcpus, "must be at least 1", "Give the flavor 1 vCPU or more");
            }
            if (memory.bytes() < 1L << 20) {
                throw new InvalidRequest(
                        "flavor.memory", memory, "must be at least 1 MiB", "Give the flavor more memory");
            }
            return new Flavor(this);
        }
    }
}
