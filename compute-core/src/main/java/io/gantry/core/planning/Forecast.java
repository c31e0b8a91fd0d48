package io.gantry.core.planning;

import io.gantry.host.HostId;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MovePrediction;
import io.gantry.maintenance.MoveSettings;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the moves of a plan take, one beside the other: each begins as soon as the limits of its links admit it, the copies
 * that share a link have equal parts of it, and each copy passes over the memory as {@link PrecopyModel} does. Pure.
 */
final class Forecast {
    private static final double SECOND = 1e9;

    /** A copy that takes more passes converges so slowly that its deadline ends it. */
    private static final int MOST_PASSES = 1000;

    private final MoveSettings settings;
    private final Map<HostId, Bandwidth> links;
    private final List<Course> waiting = new ArrayList<>();
    private final List<Course> active = new ArrayList<>();
    private double now;

    /**
     * Creates a forecast.
     *
     * @param settings limits, and what is assumed of links that are not told
     * @param links the bandwidth of hosts' links, where it is known
     */
    Forecast(MoveSettings settings, Map<HostId, Bandwidth> links) {
        this.settings = settings;
        this.links = Map.copyOf(links);
    }

    /** {@return what each move takes, in the order of the moves} */
    List<MovePrediction> of(List<Routes.Leg> legs) {
        List<Course> all = legs.stream().map(Course::new).toList();
        waiting.addAll(all);
        while (!waiting.isEmpty() || !active.isEmpty()) {
            begin();
            Map<HostId, Integer> users = users();
            double step = active.stream()
                    .mapToDouble(course -> course.secondsLeft(rate(course, users)))
                    .min()
                    .orElseThrow();
            now += step;
            active.forEach(course -> course.advance(step, rate(course, users)));
            active.forEach(course -> course.turn(rate(course, users)));
            active.removeIf(course -> course.phase == Phase.OVER);
        }
        return all.stream().map(Course::prediction).toList();
    }

    private void begin() {
        for (List<Course> queue = new ArrayList<>(waiting); !queue.isEmpty(); ) {
            Course next = queue.remove(0);
            int wave =
                    active.stream().mapToInt(course -> course.leg.wave()).min().orElse(next.leg.wave());
            if (next.leg.wave() == wave
                    && active.size() < settings.total()
                    && count(course -> course.source().equals(next.source())) < settings.perSource()
                    && count(course -> course.target().equals(next.target())) < settings.perTarget()) {
                waiting.remove(next);
                next.start = now;
                active.add(next);
            }
        }
    }

    private long count(Predicate<Course> which) {
        return active.stream().filter(which).count();
    }

    /** {@return how many copies use each host's link} */
    private Map<HostId, Integer> users() {
        Map<HostId, Integer> users = new HashMap<>();
        for (Course course : active) {
            if (course.phase != Phase.PREPARING) {
                users.merge(course.source(), 1, Integer::sum);
                users.merge(course.target(), 1, Integer::sum);
            }
        }
        return users;
    }

    private double rate(Course course, Map<HostId, Integer> users) {
        return Math.min(share(course.source(), users), share(course.target(), users));
    }

    private double share(HostId host, Map<HostId, Integer> users) {
        long whole = links.getOrDefault(host, settings.bandwidth()).bytesPerSecond();
        return Math.max(1, whole) / (double) Math.max(1, users.getOrDefault(host, 1));
    }

    private enum Phase {
        PREPARING,
        COPYING,
        STANDING,
        OVER
    }

    /** One move on its way. */
    private final class Course {
        private final Routes.Leg leg;
        private final MemoryLoad load;
        private Phase phase = Phase.PREPARING;
        private double start;
        private double left;
        private double passBegan;
        private double passBytes;
        private int passes = 1;
        private double stoodSince;
        private double end;

        Course(Routes.Leg leg) {
            this.leg = leg;
            this.load = leg.guest().load();
            this.left = settings.overhead().toNanos() / SECOND;
        }

        HostId source() {
            return leg.guest().host();
        }

        HostId target() {
            return leg.target();
        }

        double secondsLeft(double rate) {
            return phase == Phase.PREPARING ? left : left / rate;
        }

        void advance(double seconds, double rate) {
            left -= phase == Phase.PREPARING ? seconds : seconds * rate;
        }

        /** Goes on to what comes next, if what is under way is over. */
        void turn(double rate) {
            if (left > tolerance()) {
                return;
            }
            switch (phase) {
                case PREPARING -> pass((double) load.bytes());
                case COPYING -> endPass(rate);
                default -> over();
            }
        }

        /** What rounding leaves of seconds or bytes is no work. */
        private double tolerance() {
            return phase == Phase.PREPARING ? 1e-9 : 1e-3;
        }

        private void pass(double bytes) {
            phase = Phase.COPYING;
            left = bytes;
            passBytes = bytes;
            passBegan = now;
        }

        private void endPass(double rate) {
            double took = now - passBegan;
            if (leg.guest().kind() == MoveKind.COLD) {
                over();
                return;
            }
            double next = load.dirtiedIn(took);
            double speed = took <= 0 ? rate : Math.min(rate, passBytes / took);
            passes++;
            boolean late = now - start > settings.deadline().toNanos() / SECOND || passes > MOST_PASSES;
            if (late || next / speed <= settings.maxDowntime().toNanos() / SECOND) {
                phase = Phase.STANDING;
                left = next;
                stoodSince = now;
            } else {
                pass(next);
            }
        }

        private void over() {
            phase = Phase.OVER;
            end = now;
            if (leg.guest().kind() == MoveKind.COLD) {
                stoodSince = start;
            }
        }

        MovePrediction prediction() {
            return new MovePrediction(
                    load.bytes(),
                    new Bandwidth((long) load.dirtyRate()),
                    load.measured(),
                    passes,
                    duration(start),
                    duration(end - start),
                    duration(end - stoodSince));
        }
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * SECOND));
    }
}
