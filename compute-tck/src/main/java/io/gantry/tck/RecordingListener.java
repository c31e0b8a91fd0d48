package io.gantry.tck;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keeps what a driver tells, and notices calls that overlap or come from the caller's own thread. */
final class RecordingListener implements HostListener {
    private final List<GuestEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicReference<@Nullable String> violation = new AtomicReference<>();
    private final Thread caller = Thread.currentThread();

    @Override
    public void onGuestEvent(GuestEvent event) {
        alone(() -> events.add(event));
    }

    @Override
    public void onDisconnected(String reason) {
        alone(() -> {});
    }

    @Override
    public void onConnected() {
        alone(() -> {});
    }

    private void alone(Runnable body) {
        if (Thread.currentThread() == caller) {
            violation.set("the listener was called from the caller's thread");
        }
        if (!busy.compareAndSet(false, true)) {
            violation.set("two listener calls overlapped");
        }
        body.run();
        busy.set(false);
    }

    @Nullable
    String violation() {
        return violation.get();
    }

    /** Whether the guest had these events in this order, others between them. */
    boolean saw(InstanceId guest, GuestEvent.Kind... kinds) {
        int next = 0;
        for (GuestEvent event : events) {
            if (next < kinds.length && event.guest().equals(guest) && event.kind() == kinds[next]) {
                next++;
            }
        }
        return next == kinds.length;
    }

    @Override
    public String toString() {
        return events.toString();
    }
}
