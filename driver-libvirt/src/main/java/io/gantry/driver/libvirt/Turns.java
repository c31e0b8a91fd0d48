package io.gantry.driver.libvirt;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time do the work of a name. The thread that waits for a host takes the turn, not the one that
 * libvirt may keep: when the call misses its deadline, the next one gets its turn.
 */
public final class Turns {
    private final Map<String, Turn> turns = new HashMap<>();

    /** Creates it. */
    public Turns() {}

    /** The work. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it.
         *
         * @throws IOException if something cannot be read
         */
        void run() throws IOException;
    }

    private static final class Turn {
        final ReentrantLock lock = new ReentrantLock();
        int users;
    }

    /**
     * Does the work when nobody else does that of this name.
     *
     * @param name the name
     * @param patience how long to wait for the turn
     * @param work the work
     * @return false if it was not this thread's turn within that time
     * @throws IOException if the work throws that
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean take(String name, Duration patience, Work work) throws IOException, InterruptedException {
        Turn turn = enter(name);
        try {
            if (!turn.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            try {
                work.run();
                return true;
            } finally {
                turn.lock.unlock();
            }
        } finally {
            leave(name, turn);
        }
    }

    private synchronized Turn enter(String name) {
        Turn turn = turns.computeIfAbsent(name, unused -> new Turn());
        turn.users++;
        return turn;
    }

    private synchronized void leave(String name, Turn turn) {
        if (--turn.users == 0) {
            turns.remove(name);
        }
    }

    synchronized int size() {
        return turns.size();
    }
}
