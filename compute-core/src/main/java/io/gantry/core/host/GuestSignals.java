package io.gantry.core.host;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets a step wait for what a driver reports of one guest. */
public final class GuestSignals {
    private final Map<InstanceId, Watch> watches = new ConcurrentHashMap<>();

    /** What was reported of one guest since the watch began; for one waiting thread. */
    public final class Watch implements AutoCloseable {
        private final InstanceId guest;
        private final Set<GuestEvent.Kind> seen = EnumSet.noneOf(GuestEvent.Kind.class);
        private final Semaphore reports = new Semaphore(0);

        private Watch(InstanceId guest) {
            this.guest = guest;
        }

        /** {@return whether an event was reported since the watch began} */
        public synchronized boolean seen(GuestEvent.Kind kind) {
            return seen.contains(kind);
        }

        /** Waits for the next report, whatever it is, and at most so long. */
        public void await(Duration timeout) throws InterruptedException {
            if (reports.tryAcquire(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS)) {
                reports.drainPermits();
            }
        }

        private void tell(GuestEvent.Kind kind) {
            synchronized (this) {
                seen.add(kind);
            }
            reports.release();
        }

        @Override
        public void close() {
            watches.remove(guest, this);
        }
    }

    /** Begins to watch a guest. One verb at a time works on an instance, hence one watch. */
    public Watch watch(InstanceId guest) {
        Watch watch = new Watch(guest);
        watches.put(guest, watch);
        return watch;
    }

    void tell(GuestEvent event) {
        Watch watch = watches.get(event.guest());
        if (watch != null) {
            watch.tell(event.kind());
        }
    }
}
