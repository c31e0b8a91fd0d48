package io.gantry.driver.sim;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The faults that were ordered for a host, first come first served for each kind of call. */
final class Faults {
    private final Map<SimCall, Queue<Fault>> byCall = new ConcurrentHashMap<>();
    private final Queue<Supplier<? extends RuntimeException>> afterDisk = new ConcurrentLinkedQueue<>();

    /** What goes wrong with one call. */
    interface Fault {}

    /** The call fails before it has an effect. */
    record Refuse(Supplier<? extends RuntimeException> failure) implements Fault {}

    /** The call has its effect, and its answer is lost. */
    record LoseAnswer() implements Fault {}

    /** The call hangs before it has an effect. */
    record Hang(SimHold hold) implements Fault {}

    void add(SimCall call, int times, Fault fault) {
        requirePositive(times);
        Queue<Fault> queue = byCall.computeIfAbsent(call, c -> new ConcurrentLinkedQueue<>());
        for (int i = 0; i < times; i++) {
            queue.add(fault);
        }
    }

    void addAfterDisk(int times, Supplier<? extends RuntimeException> failure) {
        requirePositive(times);
        for (int i = 0; i < times; i++) {
            afterDisk.add(failure);
        }
    }

    /** Fails for a guest that was to fail once its disk is made. */
    void passAfterDisk() {
        Supplier<? extends RuntimeException> failure = afterDisk.poll();
        if (failure != null) {
            throw failure.get();
        }
    }

    private static void requirePositive(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: " + times);
        }
    }

    @Nullable
    Fault take(SimCall call) {
        if (byCall.isEmpty()) {
            return null;
        }
        Queue<Fault> queue = byCall.get(call);
        return queue == null ? null : queue.poll();
    }

    void clear() {
        byCall.clear();
        afterDisk.clear();
    }
}
