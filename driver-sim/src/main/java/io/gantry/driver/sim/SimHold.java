package io.gantry.driver.sim;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A call that hangs on a host until it is released or its deadline ends. */
public final class SimHold {
    private final SimClock clock;
    private final CompletableFuture<Void> entered = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    SimHold(SimClock clock) {
        this.clock = clock;
    }

    /** Lets the call go on; does nothing the second time. */
    public void release() {
        released.complete(null);
    }

    /**
     * Waits until a call hangs here.
     *
     * @param timeout how long to wait at most, by the fleet's clock
     * @return whether one does
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitCall(Duration timeout) throws InterruptedException {
        return Waits.await(clock, entered, timeout);
    }

    CompletableFuture<Void> enter() {
        entered.complete(null);
        return released;
    }
}
