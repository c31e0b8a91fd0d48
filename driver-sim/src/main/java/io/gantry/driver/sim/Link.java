package io.gantry.driver.sim;

import io.gantry.unit.Bandwidth;
import java.util.concurrent.atomic.AtomicInteger;

/** A host's link for migrations, shared evenly by those that are under way. */
final class Link {
    private final long bytesPerSecond;
    private final AtomicInteger users = new AtomicInteger();

    Link(Bandwidth bandwidth) {
        bytesPerSecond = bandwidth.bytesPerSecond();
    }

    void enter() {
        users.incrementAndGet();
    }

    void leave() {
        users.decrementAndGet();
    }

    /** What one migration gets now. */
    long share() {
        return bytesPerSecond / Math.max(1, users.get());
    }
}
