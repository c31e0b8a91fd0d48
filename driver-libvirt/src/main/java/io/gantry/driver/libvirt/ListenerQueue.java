package io.gantry.driver.libvirt;

import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes notices to a host's listener, one at a time and in order, without keeping the sender waiting. When too many
 * guest events wait, all of them give way to one {@link HostListener#onConnected}, upon which the listener reads
 * everything anew.
 */
final class ListenerQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);

    private final String host;
    private final HostListener listener;
    private final Executor executor;
    private final int capacity;
    private final Deque<Notice> notices = new ArrayDeque<>();
    private boolean draining;
    private boolean closed;

    /** A notice; what the listener gets. */
    private sealed interface Notice {
        record Guest(GuestEvent event) implements Notice {}

        record Disconnected(String reason) implements Notice {}

        record Connected() implements Notice {}
    }

    ListenerQueue(String host, HostListener listener, Executor executor, int capacity) {
        this.host = host;
        this.listener = listener;
        this.executor = executor;
        this.capacity = capacity;
    }

    void guest(GuestEvent event) {
        synchronized (notices) {
            if (notices.peekLast() instanceof Notice.Connected) {
                return; // read anew after the event anyway
            }
            if (notices.size() >= capacity) {
                LOG.warn("Host {}: {} events wait; dropping them for a full reading", host, notices.size());
                notices.removeIf(Notice.Guest.class::isInstance);
                add(new Notice.Connected());
            } else {
                add(new Notice.Guest(event));
            }
        }
    }

    void disconnected(String reason) {
        synchronized (notices) {
            add(new Notice.Disconnected(reason));
        }
    }

    void connected() {
        synchronized (notices) {
            add(new Notice.Connected());
        }
    }

    /** Drops what waits and what comes. */
    void close() {
        synchronized (notices) {
            closed = true;
            notices.clear();
        }
    }

    private void add(Notice notice) {
        if (closed || notice.equals(notices.peekLast())) {
            return;
        }
        notices.add(notice);
        if (!draining) {
            draining = true;
            executor.execute(this::drain);
        }
    }

    private @Nullable Notice next() {
        synchronized (notices) {
            Notice notice = notices.poll();
            draining = notice != null;
            return notice;
        }
    }

    private void drain() {
        for (Notice notice = next(); notice != null; notice = next()) {
            try {
                deliver(notice);
            } catch (RuntimeException e) {
                LOG.error("Host {}: the listener failed on {}", host, notice, e);
            }
        }
    }

    private void deliver(Notice notice) {
        if (notice instanceof Notice.Guest guest) {
            listener.onGuestEvent(guest.event());
        } else if (notice instanceof Notice.Disconnected disconnected) {
            listener.onDisconnected(disconnected.reason());
        } else {
            listener.onConnected();
        }
    }
}
