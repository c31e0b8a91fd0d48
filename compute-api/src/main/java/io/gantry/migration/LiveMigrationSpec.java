package io.gantry.migration;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says how to migrate an instance live. Immutable. */
public final class LiveMigrationSpec {
    private final @Nullable HostId target;
    private final Duration maxDowntime;
    private final Duration deadline;
    private final Bandwidth maxBandwidth;

    private LiveMigrationSpec(Builder builder) {
        this.target = builder.target;
        this.maxDowntime = builder.maxDowntime;
        this.deadline = builder.deadline;
        this.maxBandwidth = builder.maxBandwidth;
    }

    /** {@return a builder: any target, 500 ms of downtime, a deadline of 15 minutes, no bound on bandwidth} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return to any host that the scheduler chooses, otherwise with the defaults of {@link #builder()}} */
    public static LiveMigrationSpec anywhere() {
        return builder().build();
    }

    /**
     * {@return to one host, otherwise with the defaults of {@link #builder()}}
     *
     * @param target the host
     */
    public static LiveMigrationSpec to(HostId target) {
        return builder().target(target).build();
    }

    /** {@return the host to go to, if one is requested; it still has to pass the filters} */
    public Optional<HostId> target() {
        return Optional.ofNullable(target);
    }

    /** {@return how long the guest may stand still, where the hypervisor can hold to that} */
    public Duration maxDowntime() {
        return maxDowntime;
    }

    /** {@return when to give up: the memory copy is aborted this long after it began, and the guest stays} */
    public Duration deadline() {
        return deadline;
    }

    /** {@return the bound on bandwidth; zero for none} */
    public Bandwidth maxBandwidth() {
        return maxBandwidth;
    }

    /** Builds a {@link LiveMigrationSpec}; not safe for use by several threads. */
    public static final class Builder {
        private @Nullable HostId target;
        private Duration maxDowntime = Duration.ofMillis(500);
        private Duration deadline = Duration.ofMinutes(15);
        private Bandwidth maxBandwidth = new Bandwidth(0);

        private Builder() {}

        /**
         * Requests a target instead of leaving the choice to the scheduler; it still has to pass the filters.
         *
         * @param target the host to go to
         * @return this
         */
        public Builder target(HostId target) {
            this.target = requireNonNull(target, "target");
            return this;
        }

        /**
         * Sets how long the guest may stand still.
         *
         * @param maxDowntime 1 ms to 2,000 s, QEMU's range
         * @return this
         */
        public Builder maxDowntime(Duration maxDowntime) {
            this.maxDowntime = requireNonNull(maxDowntime, "maxDowntime");
            return this;
        }

        /**
         * Sets when to give up.
         *
         * @param deadline more than zero, at most 7 days
         * @return this
         */
        public Builder deadline(Duration deadline) {
            this.deadline = requireNonNull(deadline, "deadline");
            return this;
        }

        /**
         * Bounds the bandwidth.
         *
         * @param maxBandwidth at least 1 MiB/s, or zero for no bound
         * @return this
         */
        public Builder maxBandwidth(Bandwidth maxBandwidth) {
            this.maxBandwidth = requireNonNull(maxBandwidth, "maxBandwidth");
            return this;
        }

        /**
         * {@return the specification}
         *
         * @throws InvalidRequest if a value is out of its range
         */
        public LiveMigrationSpec build() {
            if (maxDowntime.toMillis() < 1 || maxDowntime.compareTo(Duration.ofSeconds(2000)) > 0) {
                throw new InvalidRequest(
                        "migration.maxDowntime", maxDowntime, "must be 1 ms to 2,000 s", "500 ms suits most guests");
            }
            if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(7)) > 0) {
                throw new InvalidRequest(
                        "migration.deadline",
                        deadline,
                        "must be more than zero and at most 7 days",
                        "Give a time in that range");
            }
            if (maxBandwidth.bytesPerSecond() != 0 && maxBandwidth.bytesPerSecond() < 1L << 20) {
                throw new InvalidRequest(
                        "migration.maxBandwidth", maxBandwidth, "must be at least 1 MiB/s", "Use zero for no bound");
            }
            return new LiveMigrationSpec(this);
        }
    }
}
