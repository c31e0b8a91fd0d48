package io.gantry.instance;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.IpNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an owner tells the scheduler about an instance, besides its size. Hints are kept with the instance, and hold wherever
 * it is moved; they matter where the engine has filters that read them. Immutable.
 */
public final class SchedulerHints {
    /** No hints. */
    public static final SchedulerHints NONE = builder().build();

    private static final int MAX_INSTANCES = 128;
    private static final int MAX_TEXT = 255;

    private final Set<InstanceId> differentHost;
    private final Set<InstanceId> sameHost;
    private final @Nullable IpNetwork near;
    private final Map<String, String> custom;

    private SchedulerHints(Builder builder) {
        this.differentHost = Set.copyOf(builder.differentHost);
        this.sameHost = Set.copyOf(builder.sameHost);
        this.near = builder.near;
        this.custom = Map.copyOf(builder.custom);
    }

    /** {@return a builder of hints, none at first} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return instances on whose hosts it is not to be; for {@code DifferentHostFilter}} */
    public Set<InstanceId> differentHost() {
        return differentHost;
    }

    /** {@return instances on the host of one of which it is to be; empty for any host; for {@code SameHostFilter}} */
    public Set<InstanceId> sameHost() {
        return sameHost;
    }

    /** {@return the network that the host's own address is to be in, if any; for {@code SimpleCIDRAffinityFilter}} */
    public Optional<IpNetwork> near() {
        return Optional.ofNullable(near);
    }

    /** {@return hints for filters of the engine's users, by name} */
    public Map<String, String> custom() {
        return custom;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SchedulerHints that
                && differentHost.equals(that.differentHost)
                && sameHost.equals(that.sameHost)
                && near().equals(that.near())
                && custom.equals(that.custom);
    }

    @Override
    public int hashCode() {
        return differentHost.hashCode() + 31 * sameHost.hashCode() + 17 * near().hashCode() + custom.hashCode();
    }

    /** {@return the hints, in an order that is the same for equal ones} */
    @Override
    public String toString() {
        return "SchedulerHints[differentHost=" + new TreeSet<>(differentHost) + ", sameHost=" + new TreeSet<>(sameHost)
                + ", near=" + near + ", custom=" + new TreeMap<>(custom) + "]";
    }

    /** Builds {@link SchedulerHints}; not safe for use by several threads. */
    public static final class Builder {
        private final Set<InstanceId> differentHost = new TreeSet<>();
        private final Set<InstanceId> sameHost = new TreeSet<>();
        private final Map<String, String> custom = new TreeMap<>();
        private @Nullable IpNetwork near;

        private Builder() {}

        /**
         * Keeps the instance off the hosts of others.
         *
         * @param others instances that the caller may see
         * @return this
         */
        public Builder differentHost(InstanceId... others) {
            differentHost.addAll(List.of(others));
            return this;
        }

        /**
         * Puts the instance on the host of one of several others.
         *
         * @param others instances that the caller may see
         * @return this
         */
        public Builder sameHost(InstanceId... others) {
            sameHost.addAll(List.of(others));
            return this;
        }

        /**
         * Puts the instance on a host whose own address is in a network.
         *
         * @param network an address, alone or with a prefix length, as {@code 10.1.2.3/16}; without one, it is 24 for IPv4 and
         *     64 for IPv6
         * @return this
         * @throws InvalidRequest if it has another form
         */
        public Builder near(String network) {
            this.near = IpNetwork.parse("instance.hints.near", network);
            return this;
        }

        /**
         * Adds a hint for a filter of the engine's users.
         *
         * @param name 1 to 255 characters, not blank
         * @param value up to 255 characters
         * @return this
         */
        public Builder custom(String name, String value) {
            custom.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * {@return the hints}
         *
         * @throws InvalidRequest if there are more than 128 instances on one side or more than 128 hints of one's own, or such
         *     a hint has another form
         */
        public SchedulerHints build() {
            checkCount("instance.hints.differentHost", differentHost.size(), "instances");
            checkCount("instance.hints.sameHost", sameHost.size(), "instances");
            checkCount("instance.hints.custom", custom.size(), "hints");
            custom.forEach((name, value) -> {
                if (name.isBlank() || name.length() > MAX_TEXT) {
                    throw new InvalidRequest(
                            "instance.hints.custom",
                            name,
                            "is no name of 1 to " + MAX_TEXT + " characters",
                            "Give the hint another name");
                }
                if (value.length() > MAX_TEXT) {
                    throw new InvalidRequest(
                            "instance.hints.custom." + name,
                            value,
                            "has more than " + MAX_TEXT + " characters",
                            "Shorten the value");
                }
            });
            return new SchedulerHints(this);
        }

        private static void checkCount(String field, int count, String what) {
            if (count > MAX_INSTANCES) {
                throw new InvalidRequest(
                        field, count, "is more than " + MAX_INSTANCES + " " + what, "Name fewer " + what);
            }
        }
    }
}
