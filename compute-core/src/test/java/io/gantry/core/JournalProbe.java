package io.gantry.core;

import io.gantry.core.operation.OperationProbe;
import io.gantry.error.HypervisorError;

/** Looks at the journal of one verb, once it is armed; can make one step fail after it was done. */
final class JournalProbe implements OperationProbe {
    private final String verb;
    private final Seen seen;
    private volatile boolean armed;
    private volatile String failAt = "";

    /** What is done at a point. */
    interface Seen {
        void accept(Point point) throws InterruptedException;
    }

    JournalProbe(String verb, Seen seen) {
        this.verb = verb;
        this.seen = seen;
    }

    void arm() {
        armed = true;
    }

    void failAt(String step) {
        failAt = step;
    }

    @Override
    public void at(Point point) throws Exception {
        if (!armed || !point.verb().equals(verb)) {
            return;
        }
        seen.accept(point);
        if (point.phase() == Phase.DONE && point.step().equals(failAt)) {
            throw new HypervisorError("h1", 1, 1, "a fault of the test", null);
        }
    }
}
