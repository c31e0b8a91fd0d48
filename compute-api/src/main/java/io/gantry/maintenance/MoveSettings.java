package io.gantry.maintenance;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.Bandwidth;
import java.time.Duration;

/** How the moves of a plan are made, and what is assumed where nothing was measured. Immutable. */
public final class MoveSettings {
    /** The most moves away from one host that an engine makes at a time. */
    public static final int MOST_PER_SOURCE = 4;

    private static final int MOST = 256;
    private static final Duration LEAST_DOWNTIME = Duration.ofMillis(1);
    private static final Duration MOST_DOWNTIME = Duration.ofSeconds(2000);

    private final int perSource;
    private final int perTarget;
    private final int total;
    private final Duration maxDowntime;
    private final Duration deadline;
    private final Bandwidth bandwidth;
    private final Bandwidth dirtyRate;
    private final Duration overhead;
    private final Duration patience;

    private MoveSettings(Builder builder) {
        this.perSource = builder.perSource;
        this.perTarget = builder.perTarget;
        this.total = builder.total;
        this.maxDowntime = builder.maxDowntime;
        this.deadline = builder.deadline;
        this.bandwidth = builder.bandwidth;
        this.dirtyRate = builder.dirtyRate;
        this.overhead = builder.overhead;
        this.patience = builder.patience;
    }

    /** {@return the defaults of {@link #builder()}} */
    public static MoveSettings defaults() {
        return builder().build();
    }

    /**
     * {@return a builder: 2 moves at a time away from a host, 2 to a host, 8 in all; 500 ms of downtime, 15 minutes for a
     * copy, 2 minutes for an instance that is busy; where nothing was measured, links of 112 MiB/s, guests that write 8
     * MiB/s, and 2 s a move beside the copy}
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return how many moves away from one host go on at a time} */
    public int perSource() {
        return perSource;
    }

    /** {@return how many moves to one host go on at a time} */
    public int perTarget() {
        return perTarget;
    }

    /** {@return how many moves of all plans together go on at a time} */
    public int total() {
        return total;
    }

    /** {@return how long a guest that is moved live may stand still} */
    public Duration maxDowntime() {
        return maxDowntime;
    }

    /** {@return how long a memory copy may take before it is given up} */
    public Duration deadline() {
        return deadline;
    }

    /** {@return the bandwidth of links whose driver does not tell} */
    public Bandwidth bandwidth() {
        return bandwidth;
    }

    /** {@return how fast a guest is assumed to write memory of which nothing was measured} */
    public Bandwidth dirtyRate() {
        return dirtyRate;
    }

    /** {@return what a move is assumed to take beside the copy} */
    public Duration overhead() {
        return overhead;
    }

    /** {@return how long an instance may be busy with something else, or in no state to be moved, before its move fails} */
    public Duration patience() {
        return patience;
    }

    /** Builds {@link MoveSettings}; not safe for use by several threads. */
    public static final class Builder {
        private int perSource = 2;
        private int perTarget = 2;
        private int total = 8;
        private Duration maxDowntime = Duration.ofMillis(500);
        private Duration deadline = Duration.ofMinutes(15);
        private Bandwidth bandwidth = Bandwidth.mibPerSecond(112);
        private Bandwidth dirtyRate = Bandwidth.mibPerSecond(8);
        private Duration overhead = Duration.ofSeconds(2);
        private Duration patience = Duration.ofMinutes(2);

        private Builder() {}

        /**
         * Sets how many moves away from one host go on at a time.
         *
         * @param moves 1 to 4
         * @return this
         */
        public Builder perSource(int moves) {
            this.perSource = moves;
            return this;
        }

        /**
         * Sets how many moves to one host go on at a time.
         *
         * @param moves 1 to 256
         * @return this
         */
        public Builder perTarget(int moves) {
            this.perTarget = moves;
            return this;
        }

        /**
         * Sets how many moves go on at a time, those of other plans included.
         *
         * @param moves 1 to 256
         * @return this
         */
        public Builder total(int moves) {
            this.total = moves;
            return this;
        }

        /**
         * Sets how long a guest that is moved live may stand still.
         *
         * @param downtime 1 ms to 2,000 s
         * @return this
         */
        public Builder maxDowntime(Duration downtime) {
            this.maxDowntime = requireNonNull(downtime, "downtime");
            return this;
        }

        /**
         * Sets how long a memory copy may take before it is given up.
         *
         * @param limit more than zero, at most 7 days
         * @return this
         */
        public Builder deadline(Duration limit) {
            this.deadline = requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Sets the bandwidth of links whose driver does not tell; each host has one link for both directions.
         *
         * @param rate more than zero
         * @return this
         */
        public Builder bandwidth(Bandwidth rate) {
            this.bandwidth = requireNonNull(rate, "rate");
            return this;
        }

        /**
         * Sets how fast a guest is assumed to write memory of which nothing was measured.
         *
         * @param rate zero or more
         * @return this
         */
        public Builder dirtyRate(Bandwidth rate) {
            this.dirtyRate = requireNonNull(rate, "rate");
            return this;
        }

        /**
         * Sets what a move is assumed to take beside the copy: checks, claims, preparing the target.
         *
         * @param time zero or more
         * @return this
         */
        public Builder overhead(Duration time) {
            this.overhead = requireNonNull(time, "time");
            return this;
        }

        /**
         * Sets how long an instance may be busy with something else, or in no state to be moved, before its move fails.
         *
         * @param time zero or more, at most 7 days
         * @return this
         */
        public Builder patience(Duration time) {
            this.patience = requireNonNull(time, "time");
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws InvalidRequest if a value is out of its range
         */
        public MoveSettings build() {
            between("perSource", perSource, MOST_PER_SOURCE);
            between("perTarget", perTarget, MOST);
            between("total", total, MOST);
            if (maxDowntime.compareTo(LEAST_DOWNTIME) < 0 || maxDowntime.compareTo(MOST_DOWNTIME) > 0) {
                throw refused("maxDowntime", maxDowntime, "must be 1 ms to 2,000 s");
            }
            if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(7)) > 0) {
                throw refused("deadline", deadline, "must be more than zero and at most 7 days");
            }
            if (bandwidth.bytesPerSecond() == 0) {
                throw refused("bandwidth", bandwidth, "must be more than zero");
            }
            if (overhead.isNegative()) {
                throw refused("overhead", overhead, "is negative");
            }
            if (patience.isNegative() || patience.compareTo(Duration.ofDays(7)) > 0) {
                throw refused("patience", patience, "must be zero to 7 days");
            }
            return new MoveSettings(this);
        }

        private static void between(String field, int value, int most) {
            if (value < 1 || value > most) {
                throw refused(field, value, "must be 1 to " + most);
            }
        }

        private static InvalidRequest refused(String field, Object value, String problem) {
            return new InvalidRequest("moves." + field, value, problem, "Give a value in that range");
        }
    }
}
