package io.gantry.driver.sim;

/**
 * A guest's non-maskable interrupts. Those that come while its vCPUs are stopped are one when they run again, as on a
 * real CPU. Guarded by the guest's lock.
 */
final class Interrupts {
    private long seen;
    private boolean waiting;

    void send() {
        waiting = true;
    }

    /** The guest's vCPUs run: says whether they see an interrupt now. */
    boolean hear() {
        boolean sees = waiting;
        waiting = false;
        if (sees) {
            seen++;
        }
        return sees;
    }

    void forget() {
        waiting = false;
    }

    long seen() {
        return seen;
    }
}
