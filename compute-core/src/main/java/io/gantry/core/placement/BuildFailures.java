package io.gantry.core.placement;

import static java.util.Objects.requireNonNull;

import io.gantry.host.HostId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds that hosts failed since they last succeeded in one. Each failure counts for less the longer it is ago, so that a host
 * that nobody tries is tried again. Kept in this process: a hint for the choice of hosts, not worth a write to the store at
 * each failure; other control nodes learn it by themselves, and a restart forgets it. Safe for use by many threads.
 */
public final class BuildFailures {
    /** Less than this is nothing. */
    private static final double NEGLIGIBLE = 1.0 / 64;

    private final Clock clock;
    private final Duration halfLife;
    private final Map<HostId, Score> scores = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<HostId>> listeners = new CopyOnWriteArrayList<>();

    private record Score(double failures, Instant at) {}

    /**
     * Creates an account without failures.
     *
     * @param clock tells how long failures are ago
     * @param halfLife after which a failure counts half; positive
     */
    public BuildFailures(Clock clock, Duration halfLife) {
        this.clock = requireNonNull(clock, "clock");
        this.halfLife = requireNonNull(halfLife, "halfLife");
    }

    /** Has somebody told of each host that failed once more. */
    void onChange(Consumer<HostId> told) {
        listeners.add(told);
    }

    /** Counts a build that failed because of its host: not one that a policy refused or somebody cancelled. */
    public void failed(HostId host) {
        Instant now = clock.instant();
        scores.compute(host, (id, known) -> new Score(decayed(known, now) + 1, now));
        listeners.forEach(told -> told.accept(host));
    }

    /**
     * Forgets the failures of a host: a build succeeded there. Nobody is told, since this is called within transactions; the
     * instance's row changes with it.
     */
    public void succeeded(HostId host) {
        scores.remove(host);
    }

    /** {@return how many failures count at present; 0 or more} */
    public double of(HostId host) {
        Score known = scores.get(host);
        double left = known == null ? 0 : decayed(known, clock.instant());
        return left < NEGLIGIBLE ? 0 : left;
    }

    /** Forgets hosts where nothing is left; {@return those whose number has changed with time} */
    Set<HostId> fading() {
        Set<HostId> hosts = Set.copyOf(scores.keySet());
        Instant now = clock.instant();
        scores.values().removeIf(score -> decayed(score, now) < NEGLIGIBLE);
        return hosts;
    }

    private double decayed(@Nullable Score known, Instant now) {
        if (known == null) {
            return 0;
        }
        double millis = Math.max(0, Duration.between(known.at(), now).toMillis());
        return known.failures() * Math.pow(0.5, millis / halfLife.toMillis());
    }
}
