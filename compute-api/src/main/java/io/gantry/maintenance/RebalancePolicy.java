package io.gantry.maintenance;

import io.gantry.error.InvalidRequest;

/**
 * What a rebalance is to reach, and what it may cost. Immutable.
 *
 * @param goal what is made better
 * @param minGain the least by which each move has to improve the goal's figure: the imbalance for {@link Goal#SPREAD}, the
 *     share of hosts in use for {@link Goal#PACK}, over the moves that empty a host; more than 0, at most 1
 * @param maxMoves how many moves a plan may have; 1 to 10,000
 * @param moves how the moves are made
 */
public record RebalancePolicy(Goal goal, double minGain, int maxMoves, MoveSettings moves) {
    private static final int MOST_MOVES = 10_000;

    /** What is made better. */
    public enum Goal {
        /** Loads become alike: {@link FleetLoad#imbalance()} falls. */
        SPREAD,
        /** Hosts become empty: {@link FleetLoad#inUse()} falls. */
        PACK
    }

    /**
     * Checks the ranges.
     *
     * @param goal see the record
     * @param minGain see the record
     * @param maxMoves see the record
     * @param moves see the record
     * @throws InvalidRequest if a number is out of its range
     */
    public RebalancePolicy {
        if (!(minGain > 0 && minGain <= 1)) {
            throw new InvalidRequest(
                    "rebalance.minGain", minGain, "must be more than 0 and at most 1", "Give a number such as 0.001");
        }
        if (maxMoves < 1 || maxMoves > MOST_MOVES) {
            throw new InvalidRequest(
                    "rebalance.maxMoves", maxMoves, "must be 1 to " + MOST_MOVES, "Give a number in that range");
        }
    }

    /** {@return spreading the load: a gain of 0.001 a move, 100 moves} */
    public static RebalancePolicy spread() {
        return new RebalancePolicy(Goal.SPREAD, 0.001, 100, MoveSettings.defaults());
    }

    /** {@return emptying hosts: a gain of 0.001 a move, 100 moves} */
    public static RebalancePolicy pack() {
        return new RebalancePolicy(Goal.PACK, 0.001, 100, MoveSettings.defaults());
    }

    /**
     * {@return the same, with another least gain}
     *
     * @param gain more than 0, at most 1
     * @throws InvalidRequest if it is out of range
     */
    public RebalancePolicy minGain(double gain) {
        return new RebalancePolicy(goal, gain, maxMoves, moves);
    }

    /**
     * {@return the same, with another number of moves at most}
     *
     * @param most 1 to 10,000
     * @throws InvalidRequest if it is out of range
     */
    public RebalancePolicy maxMoves(int most) {
        return new RebalancePolicy(goal, minGain, most, moves);
    }

    /**
     * {@return the same, with other settings}
     *
     * @param settings how the moves are made
     */
    public RebalancePolicy with(MoveSettings settings) {
        return new RebalancePolicy(goal, minGain, maxMoves, settings);
    }
}
