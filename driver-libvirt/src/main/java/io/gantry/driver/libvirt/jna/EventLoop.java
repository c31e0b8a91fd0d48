package io.gantry.driver.libvirt.jna;

import com.sun.jna.Pointer;
import io.gantry.driver.libvirt.port.EventSink;
import io.gantry.driver.libvirt.port.JobStatistics;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns libvirt's event loop: one daemon thread while any connection is open, and the callbacks, which exist once for
 * all connections and for good, so that none can be collected while libvirt may still call it. A callback finds its
 * connection by the number that it was registered with.
 */
final class EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    // The loop frees a closed connection's file descriptors in its next rounds: it outlives the last one a little.
    private static final long LINGER = TimeUnit.SECONDS.toNanos(3);
    private static final int NEVER = -1;
    private static final int EACH_SECOND = 1000;
    private static final String[] CLOSE_REASONS = {
        "error on the connection", "the daemon closed the connection", "no answer to keep-alive messages", "closed here"
    };

    private final NativeLibvirt lib;
    private final Map<Long, EventSink> sinks = new ConcurrentHashMap<>();
    private final int timer;
    private long lastNumber;
    private long idleSince;
    private @Nullable Thread thread;

    private final Libvirt.VirEventTimeoutCallback tick = (id, opaque) -> {};

    private final Libvirt.VirConnectDomainEventCallback lifecycle = (connection, domain, event, detail, opaque) -> {
        onDomain(opaque, domain, (sink, id) -> sink.onLifecycle(id.uuid(), id.name(), event, detail));
        return 0;
    };

    private final Libvirt.VirConnectDomainEventGenericCallback reboot =
            (connection, domain, opaque) -> onDomain(opaque, domain, (sink, id) -> sink.onReboot(id.uuid(), id.name()));

    private final NativeLibvirt.JobCompletedCallback jobCompleted =
            (connection, domain, params, count, opaque) -> onDomain(opaque, domain, (sink, id) -> {
                JobStatistics statistics = TypedParameters.read(params, count);
                sink.onJobCompleted(id.uuid(), statistics);
            });

    private final Libvirt.VirConnectCloseFunc closed = (connection, reason, opaque) -> onSink(
            opaque,
            sink -> sink.onClosed(
                    reason >= 0 && reason < CLOSE_REASONS.length ? CLOSE_REASONS[reason] : "reason " + reason));

    EventLoop(NativeLibvirt lib) {
        this.lib = lib;
        LastError.check(lib, lib.virEventRegisterDefaultImpl());
        this.timer = LastError.check(lib, lib.virEventAddTimeout(NEVER, tick, null, null));
    }

    Libvirt.VirConnectDomainEventCallback lifecycle() {
        return lifecycle;
    }

    Libvirt.VirConnectDomainEventGenericCallback reboot() {
        return reboot;
    }

    NativeLibvirt.JobCompletedCallback jobCompleted() {
        return jobCompleted;
    }

    Libvirt.VirConnectCloseFunc closed() {
        return closed;
    }

    /** Adds a connection before it is opened; the number is what its callbacks are registered with. */
    synchronized long add(EventSink sink) {
        long number = ++lastNumber;
        sinks.put(number, sink);
        if (sinks.size() == 1) {
            lib.virEventUpdateTimeout(timer, NEVER);
        }
        if (thread == null) {
            start();
        }
        return number;
    }

    /** Removes a connection after it was closed. */
    synchronized void remove(long number) {
        sinks.remove(number);
        if (sinks.isEmpty()) {
            idleSince = System.nanoTime();
            lib.virEventUpdateTimeout(timer, EACH_SECOND);
        }
    }

    private void start() {
        Thread started = new Thread(this::run, "gantry-libvirt-event-loop");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void run() {
        try {
            while (!ends()) {
                if (lib.virEventRunDefaultImpl() < 0) {
                    LOG.warn(
                            "libvirt's event loop: {}; going on",
                            LastError.copy(lib).text());
                    TimeUnit.MILLISECONDS.sleep(100); // not a busy loop if it fails again and again
                }
            }
        } catch (InterruptedException e) {
            // Nobody of ours interrupts this thread; without it every connection would lose its keep-alive.
            LOG.warn("libvirt's event loop was interrupted; starting it again", e);
        } finally {
            restartIfNeeded();
        }
    }

    private synchronized boolean ends() {
        boolean ends = sinks.isEmpty() && System.nanoTime() - idleSince > LINGER;
        if (ends) {
            thread = null;
        }
        return ends;
    }

    private synchronized void restartIfNeeded() {
        if (thread == Thread.currentThread()) {
            start();
        }
    }

    private record DomainRef(UUID uuid, String name) {}

    private void onDomain(Pointer opaque, DomainPointer domain, BiConsumer<EventSink, DomainRef> event) {
        onSink(opaque, sink -> {
            byte[] bytes = new byte[Libvirt.VIR_UUID_BUFLEN];
            LastError.check(lib, lib.virDomainGetUUID(domain, bytes));
            ByteBuffer uuid = ByteBuffer.wrap(bytes);
            String name = LastError.check(lib, lib.virDomainGetName(domain));
            event.accept(sink, new DomainRef(new UUID(uuid.getLong(), uuid.getLong()), name));
        });
    }

    private void onSink(Pointer opaque, Consumer<EventSink> event) {
        EventSink sink = sinks.get(Pointer.nativeValue(opaque));
        if (sink == null) {
            return; // it was closed in the meantime
        }
        try {
            event.accept(sink);
        } catch (RuntimeException e) {
            // An exception must not run into native code, nor end the loop that serves all hosts.
            LOG.error("A libvirt event could not be passed on", e);
        }
    }
}
