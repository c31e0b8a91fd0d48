package io.gantry.jmh.fleet;

import io.gantry.core.operation.OperationProbe;
import io.gantry.operation.OperationId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Takes the time of the placement of each create: from when its step is begun until the claim is committed. */
final class Stopwatch implements OperationProbe {
    private final Map<OperationId, Long> begun = new ConcurrentHashMap<>();
    private final Map<OperationId, Lap> placed = new ConcurrentHashMap<>();

    /** From and to, by {@link System#nanoTime}. */
    record Lap(long begin, long end) {}

    @Override
    public void at(Point point) {
        if (!point.step().equals("schedule")) {
            return;
        }
        if (point.phase() == Phase.BEGUN) {
            begun.put(point.operation(), System.nanoTime());
        } else if (point.phase() == Phase.DONE) {
            Optional.ofNullable(begun.remove(point.operation()))
                    .ifPresent(begin -> placed.put(point.operation(), new Lap(begin, System.nanoTime())));
        }
    }

    /** {@return a create's placement, once; empty if it was placed by another process} */
    Optional<Lap> placed(OperationId operation) {
        return Optional.ofNullable(placed.remove(operation));
    }
}
