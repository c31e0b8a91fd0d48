package io.gantry.core.sync;

import io.gantry.host.HostId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Has each host looked at once in an interval, a part of them at each tick, so that a large fleet is not looked at in one
 * go. Of several control nodes each looks at its own share; now and then at all hosts, in case another one cannot reach
 * some of its own. For one thread.
 */
public final class HostRounds {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final int MOST_PARTS = 60;
    private static final int ALL_EACH = 10;

    private final int parts;
    private final Duration tick;
    private final Supplier<List<HostId>> hosts;
    private final Supplier<Predicate<String>> shares;
    private final Consumer<HostId> look;
    private Predicate<String> mine = host -> true;
    private int part;
    private int round;

    /**
     * Creates rounds.
     *
     * @param interval how long a round takes; 100 ms or more
     * @param hosts those that are connected
     * @param shares yields, at the beginning of a round, which names are of hosts of this node's share
     * @param look looks at one, soon
     */
    public HostRounds(
            Duration interval,
            Supplier<List<HostId>> hosts,
            Supplier<Predicate<String>> shares,
            Consumer<HostId> look) {
        this.parts = (int) Math.max(1, Math.min(MOST_PARTS, interval.toMillis() / SHORTEST.toMillis()));
        this.tick = interval.dividedBy(parts);
        this.hosts = hosts;
        this.shares = shares;
        this.look = look;
    }

    /** {@return how often to call {@link #run}} */
    public Duration tick() {
        return tick;
    }

    /** Looks at the next part of the hosts. */
    public void run() {
        if (part == 0) {
            mine = round % ALL_EACH == 0 ? host -> true : shares.get();
            round++;
        }
        int now = part;
        part = (part + 1) % parts;
        // By the name, which stays the same when hosts come and go.
        hosts.get().stream()
                .filter(host -> Math.floorMod(host.value().hashCode(), parts) == now)
                .filter(host -> mine.test(host.value()))
                .forEach(look);
    }
}
