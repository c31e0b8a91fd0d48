package io.gantry.core.migration;

import io.gantry.migration.MigrationPhase;
import io.gantry.migration.PhaseTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures the phases of one migration; for the thread that runs the step. */
final class PhaseClock {
    private final long began = System.nanoTime();
    private final Map<MigrationPhase, Duration> durations = new EnumMap<>(MigrationPhase.class);
    private MigrationPhase phase = MigrationPhase.PRE_CHECK;
    private long phaseBegan = began;

    synchronized MigrationPhase phase() {
        return phase;
    }

    /** Ends the phase that is under way and begins another one. */
    synchronized void enter(MigrationPhase next) {
        durations.merge(phase, sincePhaseBegan(), Duration::plus);
        phase = next;
        phaseBegan = System.nanoTime();
    }

    /**
     * Ends the copy, of which the hypervisor says how long the guest stood still, and begins the switch: what is not
     * downtime was pre-copy.
     */
    synchronized void copied(Duration downtime) {
        Duration copy = sincePhaseBegan();
        Duration still = downtime.compareTo(copy) > 0 ? copy : downtime;
        durations.merge(MigrationPhase.PRE_COPY, copy.minus(still), Duration::plus);
        durations.merge(MigrationPhase.STOP_AND_COPY, still, Duration::plus);
        phase = MigrationPhase.SWITCH;
        phaseBegan = System.nanoTime();
    }

    /** {@return all phases up to now, in order} */
    synchronized List<PhaseTiming> timings() {
        List<PhaseTiming> timings = new ArrayList<>();
        for (MigrationPhase each : MigrationPhase.values()) {
            Duration measured = durations.getOrDefault(each, Duration.ZERO);
            timings.add(new PhaseTiming(each, each == phase ? measured.plus(sincePhaseBegan()) : measured));
        }
        return timings;
    }

    Duration total() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private Duration sincePhaseBegan() {
        return Duration.ofNanos(System.nanoTime() - phaseBegan);
    }
}
