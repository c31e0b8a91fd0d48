package io.gantry.core.host;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets a step wait for what a driver reports of one guest. */
public final class GuestSignals {
    private final Map<InstanceId, Watch> watches = new ConcurrentHashMap<>();

    /** What was reported of one guest since the watch began; for one waiting thread. */
    public final class Watch implements AutoCloseable {
        private final InstanceId guest;
        private final Set<GuestEvent.Kind> seen = EnumSet.noneOf(GuestEvent.Kind.class);

        private Watch(InstanceId guest) {
            this.guest = guest;
        }

        /** {@return whether an event was reported since the watch began} */
        public synchronized boolean seen(GuestEvent.Kind kind) {
            return seen.contains(kind);
        }

        /** Waits for the next report, whatever it is, and at most so long. */
        public synchronized void await(Duration timeout) throws InterruptedException {
            // Spurious wake-ups do no harm: callers look and wait again.
            wait(Math.max(1, timeout.toMillis()));
        }

        private synchronized void tell(GuestEvent.Kind kind) {
            seen.add(kind);
            notifyAll();
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
