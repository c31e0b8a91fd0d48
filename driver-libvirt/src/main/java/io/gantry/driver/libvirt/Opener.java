package io.gantry.driver.libvirt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a host's connection again, on a thread of its own, with growing pauses between attempts. An attempt can hang for
 * as long as a daemon is frozen, and cannot be interrupted; only when it has hung for long is another thread spent, and
 * never more than a few.
 */
final class Opener {
    private static final Logger LOG = LoggerFactory.getLogger(Opener.class);

    /**
     * How patient an opener is.
     *
     * @param firstPause before the second attempt; doubled before each further one
     * @param longestPause the longest one
     * @param hangsAfter how long an attempt may take before another thread is spent
     * @param threads how many at most
     */
    record Patience(Duration firstPause, Duration longestPause, Duration hangsAfter, int threads) {
        static final Patience DEFAULT =
                new Patience(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofSeconds(30), 3);
    }

    private final String host;
    private final Patience patience;
    private final BooleanSupplier needed;
    private final Runnable attempt;
    private final List<Worker> workers = new ArrayList<>();

    /**
     * @param host the host's id
     * @param patience how patient
     * @param needed whether a connection is missing; asked under this object's monitor, so it takes no other lock that
     *     could be held while calling this object
     * @param attempt one attempt; throws if it fails
     */
    Opener(String host, Patience patience, BooleanSupplier needed, Runnable attempt) {
        this.host = host;
        this.patience = patience;
        this.needed = needed;
        this.attempt = attempt;
    }

    /** Starts to open the connection, or sees to it that it goes on. Does not block. */
    synchronized void ensure() {
        if (!needed.getAsBoolean()) {
            return;
        }
        boolean allHang = workers.stream().allMatch(Worker::hangs);
        if (workers.isEmpty() || (allHang && workers.size() < patience.threads())) {
            Worker worker = new Worker();
            workers.add(worker);
            worker.start();
        }
    }

    /** Wakes those that pause, after {@code needed} has become false. */
    synchronized void wake() {
        notifyAll();
    }

    private final class Worker extends Thread {
        private volatile long attemptStarted = System.nanoTime();
        private volatile boolean attempting = true;

        Worker() {
            super("gantry-libvirt-" + host + "-open");
            setDaemon(true);
        }

        boolean hangs() {
            return attempting
                    && System.nanoTime() - attemptStarted
                            > patience.hangsAfter().toNanos();
        }

        @Override
        public void run() {
            Duration pause = patience.firstPause();
            do {
                try {
                    attemptStarted = System.nanoTime();
                    attempting = true;
                    attempt.run();
                } catch (RuntimeException e) {
                    LOG.debug("Host {}: not connected yet; next attempt in {}", host, pause, e);
                } finally {
                    attempting = false;
                }
            } while (goesOn(pause) && (pause = longer(pause)) != null);
        }

        private Duration longer(Duration pause) {
            Duration twice = pause.multipliedBy(2);
            return twice.compareTo(patience.longestPause()) > 0 ? patience.longestPause() : twice;
        }

        private boolean goesOn(Duration pause) {
            synchronized (Opener.this) {
                boolean goesOn = false;
                try {
                    long until = System.nanoTime() + pause.toNanos();
                    long left = pause.toMillis();
                    while (needed.getAsBoolean() && left > 0) {
                        Opener.this.wait(left);
                        left = (until - System.nanoTime()) / 1_000_000;
                    }
                    goesOn = needed.getAsBoolean();
                } catch (InterruptedException e) {
                    // Nobody of ours interrupts this thread; the next call for the host starts another one.
                    LOG.warn("Host {}: interrupted while waiting to connect again", host, e);
                }
                if (!goesOn) {
                    workers.remove(this);
                }
                return goesOn;
            }
        }
    }
}
