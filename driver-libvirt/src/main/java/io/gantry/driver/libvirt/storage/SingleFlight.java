package io.gantry.driver.libvirt.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread at a time do the work of a name. Safe for use by many threads. */
public final class SingleFlight {
    private final Map<String, Flight> flights = new HashMap<>();

    /** Creates it. */
    public SingleFlight() {}

    /** The work. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    private static final class Flight {
        final ReentrantLock lock = new ReentrantLock();
        int users;
    }

    /** Does the work when nobody else does that of this name; false if that was not so within the time. */
    boolean run(String name, Duration patience, Work work) throws IOException, InterruptedException {
        Flight flight = enter(name);
        try {
            if (!flight.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            try {
                work.run();
                return true;
            } finally {
                flight.lock.unlock();
            }
        } finally {
            leave(name, flight);
        }
    }

    private synchronized Flight enter(String name) {
        Flight flight = flights.computeIfAbsent(name, unused -> new Flight());
        flight.users++;
        return flight;
    }

    private synchronized void leave(String name, Flight flight) {
        if (--flight.users == 0) {
            flights.remove(name);
        }
    }

    synchronized int size() {
        return flights.size();
    }
}
