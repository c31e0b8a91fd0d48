package io.gantry.driver.sim;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the hosts and guests of a fleet share.
 *
 * @param clock the fleet's time
 * @param callLatency how long each call takes at least
 * @param callTimeout the deadline of calls that come without one
 * @param guestReaction how long a guest takes to shut down or reboot when asked
 * @param pages pages that exist in the fleet
 * @param disks disks that exist in the fleet
 * @param handOvers how often a guest passed from host to host
 * @param migrations those under way
 */
record Surroundings(
        SimClock clock,
        Duration callLatency,
        Duration callTimeout,
        Duration guestReaction,
        LongAdder pages,
        LongAdder disks,
        AtomicLong handOvers,
        Set<PrecopyJob> migrations) {
    Surroundings(SimClock clock, Duration callLatency, Duration callTimeout, Duration guestReaction) {
        this(
                clock,
                callLatency,
                callTimeout,
                guestReaction,
                new LongAdder(),
                new LongAdder(),
                new AtomicLong(),
                ConcurrentHashMap.newKeySet());
    }

    long nanos() {
        return clock.nanos();
    }

    void later(Runnable reaction) {
        clock.schedule(Waits.due(clock.nanos(), guestReaction), reaction);
    }
}
