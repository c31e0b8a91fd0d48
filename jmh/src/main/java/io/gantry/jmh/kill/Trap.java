package io.gantry.jmh.kill;

import io.gantry.core.operation.OperationProbe;
import io.gantry.error.HypervisorError;
import io.gantry.operation.OperationId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records the points of one verb, injects a failure, and holds the operation for ever at one point, or tells of it. */
final class Trap implements OperationProbe {
    private final List<Point> passed = new ArrayList<>();
    private @Nullable String verb;
    private @Nullable Cue cue;
    private Consumer<OperationId> caught = id -> {};
    private boolean thrown;

    /** From now on the points of a verb are recorded, and a failure is injected if the variant has one. */
    synchronized void watch(String watched, Cue to, Consumer<OperationId> whenCaught) {
        passed.clear();
        verb = watched;
        cue = to;
        caught = whenCaught;
        thrown = false;
    }

    synchronized List<Point> passed() {
        return List.copyOf(passed);
    }

    @Override
    public void at(Point point) throws InterruptedException {
        Consumer<OperationId> tell;
        boolean hold;
        synchronized (this) {
            Cue wanted = cue;
            if (wanted == null || !point.verb().equals(verb)) {
                return;
            }
            passed.add(point);
            long times = passed.stream()
                    .filter(earlier -> earlier.step().equals(point.step()) && earlier.phase() == point.phase())
                    .count();
            boolean here = point.step().equals(wanted.step())
                    && point.phase() == wanted.phase()
                    && times == wanted.occurrence();
            if (!here) {
                fail(wanted, point);
                return;
            }
            tell = caught;
            hold = wanted.isHeld();
        }
        tell.accept(point.operation());
        if (hold) {
            new CountDownLatch(1).await();
        }
    }

    private void fail(Cue wanted, Point point) {
        if (thrown || point.phase() != Phase.DONE || !point.step().equals(wanted.failing())) {
            return;
        }
        thrown = true;
        if (wanted.variant() == Cue.Variant.FAIL) {
            throw new IllegalStateException("injected by the run");
        }
        if (wanted.variant() == Cue.Variant.FAIL_HOST) {
            throw new HypervisorError("some-host", 0, 0, "injected by the run", null);
        }
    }
}
