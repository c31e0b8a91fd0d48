package io.gantry.host;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says which host to register, with which driver, and how to reach it. Immutable. */
public final class HostSpec {
    private final HostId id;
    private final String driver;
    private final URI connection;
    private final AllocationRatios ratios;
    private final Map<String, String> properties;
    private final NavigableSet<Integer> dedicatedCpus;

    private HostSpec(Builder builder, String driver, URI connection) {
        this.id = builder.id;
        this.driver = driver;
        this.connection = connection;
        this.ratios = builder.ratios;
        this.properties = Map.copyOf(builder.properties);
        this.dedicatedCpus = Collections.unmodifiableNavigableSet(new TreeSet<>(builder.dedicatedCpus));
    }

    /**
     * {@return a builder}
     *
     * @param id the host's id
     * @throws InvalidRequest if the id has a wrong form
     */
    public static Builder builder(String id) {
        return new Builder(HostId.of(id));
    }

    /** {@return the host's id} */
    public HostId id() {
        return id;
    }

    /** {@return the name of the driver} */
    public String driver() {
        return driver;
    }

    /** {@return where the driver connects to} */
    public URI connection() {
        return connection;
    }

    /** {@return how far the host may be over-committed} */
    public AllocationRatios ratios() {
        return ratios;
    }

    /** {@return settings for the driver, by the names that its documentation lists} */
    public Map<String, String> properties() {
        return properties;
    }

    /** {@return the host's CPUs that only dedicated vCPUs are given; empty if there are none} */
    public NavigableSet<Integer> dedicatedCpus() {
        return dedicatedCpus;
    }

    /** Builds a {@link HostSpec}; not safe for use by several threads. */
    public static final class Builder {
        private final HostId id;
        private final Map<String, String> properties = new LinkedHashMap<>();
        private AllocationRatios ratios = AllocationRatios.DEFAULT;
        private Set<Integer> dedicatedCpus = Set.of();
        private @Nullable String driver;
        private @Nullable URI connection;

        private Builder(HostId id) {
            this.id = id;
        }

        /**
         * Sets the driver; required.
         *
         * @param name a driver that the engine was built with
         * @return this
         */
        public Builder driver(String name) {
            this.driver = requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets where the driver connects to; required.
         *
         * @param uri such as {@code qemu+tls://host/system}
         * @return this
         * @throws InvalidRequest if it is no URI
         */
        public Builder connection(String uri) {
            try {
                this.connection = new URI(uri);
            } catch (URISyntaxException e) {
                throw new InvalidRequest(
                        "host.connection", uri, "is no URI", "Use a URI such as 'qemu+tls://host/system'");
            }
            return this;
        }

        /**
         * Sets how far the host may be over-committed; {@link AllocationRatios#DEFAULT} if not called.
         *
         * @param ratios the ratios
         * @return this
         */
        public Builder ratios(AllocationRatios ratios) {
            this.ratios = requireNonNull(ratios, "ratios");
            return this;
        }

        /**
         * Adds a setting for the driver.
         *
         * @param name a name that the driver's documentation lists
         * @param value its value
         * @return this
         */
        public Builder property(String name, String value) {
            properties.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets which of the host's CPUs are for dedicated vCPUs only ({@code hw:cpu_policy} dedicated or mixed); none if not
         * called. All others are for shared ones, and guests are kept there. They count as {@code PCPU} instead of
         * {@code VCPU}, and are not over-committed.
         *
         * @param cpus the numbers of CPUs that the driver reports, 0 or more; copied
         * @return this
         * @throws InvalidRequest if a number is negative; that the host has no such CPU is found when it is registered
         */
        public Builder dedicatedCpus(Set<Integer> cpus) {
            for (int cpu : cpus) {
                if (cpu < 0) {
                    throw new InvalidRequest(
                            "host.dedicatedCpus", cpu, "is negative", "Name CPUs that the host reports.");
                }
            }
            this.dedicatedCpus = Set.copyOf(cpus);
            return this;
        }

        /**
         * {@return the specification}
         *
         * @throws InvalidRequest if driver or connection was not set
         */
        public HostSpec build() {
            if (driver == null) {
                throw new InvalidRequest("host.driver", "null", "is missing", "Name one of the engine's drivers");
            }
            if (connection == null) {
                throw new InvalidRequest(
                        "host.connection", "null", "is missing", "Give the URI that the driver connects to");
            }
            return new HostSpec(this, driver, connection);
        }
    }
}
