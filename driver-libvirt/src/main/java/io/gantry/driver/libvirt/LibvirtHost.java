package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.jna.JnaConnector;
import io.gantry.driver.libvirt.port.EventSink;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.PortConnector;
import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.error.OutcomeUnknown;
import io.gantry.error.UnexpectedFailure;
import io.gantry.error.Unsupported;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A libvirt host that stays connected. Every call runs on a bounded set of platform threads of this host and has a
 * deadline; one that misses it poisons the connection, which is given up and opened again in the background. Until then
 * calls fail at once with {@link HostUnreachable}. Other hosts are not affected by any of it.
 */
public final class LibvirtHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LibvirtHost.class);
    private static final int WAITING_EVENTS = 1024;
    private static final int MOST_ABANDONED = 8;

    private final String host;
    private final LibvirtEndpoint endpoint;
    private final PortConnector connector;
    private final ListenerQueue listener;
    private final ThreadPoolExecutor notifier;
    private final Opener opener;
    private final Map<UUID, CompletableFuture<JobStatistics>> awaitedJobs = new ConcurrentHashMap<>();

    private final Object lock = new Object();
    private volatile @Nullable Session session;
    private volatile boolean closed;
    private volatile int generation;
    private volatile String problem = "not connected yet";
    private int abandoned;

    private LibvirtHost(
            LibvirtEndpoint endpoint, PortConnector connector, HostListener listener, Opener.Patience patience) {
        this.host = endpoint.host().value();
        this.endpoint = endpoint;
        this.connector = connector;
        this.notifier = notifier(host);
        this.listener = new ListenerQueue(host, listener, notifier, WAITING_EVENTS);
        this.opener = new Opener(host, patience, () -> session == null && !closed, this::reopen);
    }

    /**
     * Connects.
     *
     * @param endpoint where to
     * @param listener told what happens there
     * @return the host
     * @throws HostUnreachable if it does not answer within the call deadline
     * @throws Unsupported if libvirt is not installed here, or is too old
     */
    public static LibvirtHost connect(LibvirtEndpoint endpoint, HostListener listener) {
        return connect(endpoint, listener, new JnaConnector(), Opener.Patience.DEFAULT);
    }

    static LibvirtHost connect(
            LibvirtEndpoint endpoint, HostListener listener, PortConnector connector, Opener.Patience patience) {
        LibvirtHost host = new LibvirtHost(endpoint, connector, listener, patience);
        boolean connected = false;
        try {
            host.openFirst();
            connected = true;
            return host;
        } finally {
            if (!connected) {
                host.close();
            }
        }
    }

    /** {@return the host's id} */
    public String id() {
        return host;
    }

    /** {@return whether {@link #close} was called} */
    public boolean isClosed() {
        return closed;
    }

    /** {@return how long a small call may take} */
    public Duration callDeadline() {
        return endpoint.callDeadline();
    }

    /** {@return a number that rises with each new connection; what was read of the daemon before may have changed} */
    public int generation() {
        return generation;
    }

    /**
     * Asks something, within the call deadline.
     *
     * @param <T> the answer
     * @param what a short name for errors
     * @param call the question
     * @return the answer
     */
    public <T> T read(String what, PortCall<T> call) {
        return read(what, callDeadline(), call);
    }

    /**
     * Asks something.
     *
     * @param <T> the answer
     * @param what a short name for errors
     * @param deadline how long it may take
     * @param call the question
     * @return the answer
     */
    public <T> T read(String what, Duration deadline, PortCall<T> call) {
        return call(Lane.CONTROL, false, what, deadline, call);
    }

    /**
     * Changes something in one short call.
     *
     * @param <T> what comes of it
     * @param what a short name for errors
     * @param call the change
     * @return what comes of it
     */
    public <T> T control(String what, PortCall<T> call) {
        return call(Lane.CONTROL, true, what, callDeadline(), call);
    }

    /**
     * Changes something.
     *
     * @param <T> what comes of it
     * @param what a short name for errors
     * @param deadline how long it may take
     * @param call the change
     * @return what comes of it
     */
    public <T> T change(String what, Duration deadline, PortCall<T> call) {
        return call(Lane.CHANGE, true, what, deadline, call);
    }

    /**
     * Changes something that takes minutes, such as a transfer.
     *
     * @param <T> what comes of it
     * @param what a short name for errors
     * @param deadline how long it may take
     * @param call the change
     * @return what comes of it
     */
    public <T> T transfer(String what, Duration deadline, PortCall<T> call) {
        return call(Lane.TRANSFER, true, what, deadline, call);
    }

    /**
     * Keeps the last figures of the job that ends next on a guest.
     *
     * @param id the guest
     * @return completed when the job has ended; not waited for any more after {@link #forgetJob}
     */
    public CompletableFuture<JobStatistics> expectJob(InstanceId id) {
        CompletableFuture<JobStatistics> job = new CompletableFuture<>();
        awaitedJobs.put(id.value(), job);
        return job;
    }

    /**
     * Undoes {@link #expectJob}.
     *
     * @param id the guest
     * @param job what that returned
     */
    public void forgetJob(InstanceId id, CompletableFuture<JobStatistics> job) {
        awaitedJobs.remove(id.value(), job);
    }

    private <T> T call(Lane lane, boolean changes, String what, Duration deadline, PortCall<T> call) {
        Session current = session;
        if (current == null) {
            opener.ensure();
            throw new HostUnreachable(host, closed ? "the connection was closed" : problem, null);
        }
        PendingCall<T> pending;
        try {
            pending = current.submit(lane, call);
        } catch (RejectedExecutionException e) {
            throw new HostUnreachable(host, "too many calls wait for an answer, '" + what + "' is not among them", e);
        }
        try {
            return pending.await(deadline);
        } catch (TimeoutException e) {
            if (pending.withdraw()) {
                throw new HostUnreachable(host, "'" + what + "' could not begin within " + deadline, e);
            }
            String silence = "no answer to '" + what + "' within " + deadline;
            lose(current, silence);
            throw unanswered(changes && pending.wasSent(), silence, e);
        } catch (InterruptedException e) {
            boolean sent = !pending.withdraw() && changes;
            Thread.currentThread().interrupt();
            throw unanswered(sent, "interrupted while waiting for the answer to '" + what + "'", e);
        } catch (ExecutionException e) {
            throw failed(current, pending, changes, what, e.getCause() == null ? e : e.getCause());
        }
    }

    private HostUnreachable unanswered(boolean maybeChanged, String why, Throwable cause) {
        return maybeChanged ? new OutcomeUnknown(host, why, cause) : new HostUnreachable(host, why, cause);
    }

    private RuntimeException failed(
            Session current, PendingCall<?> pending, boolean changes, String what, Throwable cause) {
        if (cause instanceof LibvirtError error) {
            if (pending.lostConnection()) {
                String why = "the connection broke at '" + what + "': " + error.text();
                lose(current, why);
                return unanswered(changes && pending.wasSent(), why, error);
            }
            return new HypervisorError(host, error.code(), error.domain(), what + ": " + error.text(), error);
        }
        if (cause instanceof ComputeException known) {
            return known;
        }
        if (cause instanceof IOException io) {
            return new UncheckedIOException(io);
        }
        if (cause instanceof UncheckedIOException io) {
            return io;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new UnexpectedFailure(endpoint.host().ref(), what, cause);
    }

    private void openFirst() {
        CompletableFuture<Session> first = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        first.complete(open());
                    } catch (RuntimeException | Error e) {
                        first.completeExceptionally(e); // thrown again by the thread that waits for it
                    }
                },
                "gantry-libvirt-" + host + "-open");
        thread.setDaemon(true);
        thread.start();
        try {
            first.get(callDeadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HostUnreachable(host, "no connection within " + callDeadline(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostUnreachable(host, "interrupted while connecting", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LibvirtError error && error.isUnsupported()) {
                throw new Unsupported(
                        endpoint.host().ref(),
                        "LIBVIRT",
                        error.text(),
                        "Install libvirt 6.0 or newer where Gantry runs");
            }
            throw new HostUnreachable(host, "no connection: " + reason(e.getCause()), e.getCause());
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof LibvirtError error ? error.text() : String.valueOf(cause);
    }

    private void reopen() {
        synchronized (lock) {
            if (abandoned >= MOST_ABANDONED) {
                throw new IllegalStateException(abandoned + " connections still wait for answers to their last calls");
            }
        }
        try {
            open();
        } catch (LibvirtError e) {
            problem = "no connection: " + e.text();
            throw e;
        }
    }

    /** Opens a session and makes it the current one, unless that is not wanted any more. */
    private Session open() {
        SessionSink sink = new SessionSink();
        LibvirtPort port = connector.open(endpoint.uri(), sink);
        Session opened = new Session(host, port);
        synchronized (lock) {
            if (!closed && session == null) {
                session = opened;
                if (++generation > 1) {
                    LOG.info("Host {}: connected again", host);
                    listener.connected();
                }
            } else {
                abandon(opened);
            }
        }
        sink.serve(opened);
        opener.wake();
        return opened;
    }

    private void lose(Session lost, String reason) {
        synchronized (lock) {
            if (session != lost) {
                return;
            }
            session = null;
            problem = reason;
            abandon(lost);
            LOG.warn("Host {}: {}; connecting again", host, reason);
            listener.disconnected(reason);
        }
        opener.ensure();
    }

    private Thread abandon(Session given) {
        abandoned++;
        return given.abandon(() -> {
            synchronized (lock) {
                abandoned--;
            }
        });
    }

    @Override
    public void close() {
        Thread closer = null;
        synchronized (lock) {
            closed = true;
            Session last = session;
            session = null;
            if (last != null) {
                closer = abandon(last);
            }
        }
        listener.close();
        notifier.shutdown();
        opener.wake();
        if (closer != null && !Session.join(closer, callDeadline())) {
            LOG.warn("Host {}: the daemon does not answer; its connection is freed as soon as it does", host);
        }
    }

    private static ThreadPoolExecutor notifier(String host) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "gantry-libvirt-" + host + "-events");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Takes what libvirt tells of one session. */
    private final class SessionSink implements EventSink {
        private @Nullable Session served;
        private @Nullable String closedBecause;

        void serve(Session opened) {
            String reason;
            synchronized (this) {
                served = opened;
                reason = closedBecause;
            }
            if (reason != null) {
                lose(opened, reason);
            }
        }

        @Override
        public void onLifecycle(UUID domain, String name, int event, int detail) {
            if (GuestMark.isDomainName(domain, name)) {
                GuestEvents.of(domain, event, detail).ifPresent(listener::guest);
            }
        }

        @Override
        public void onReboot(UUID domain, String name) {
            if (GuestMark.isDomainName(domain, name)) {
                listener.guest(new GuestEvent(new InstanceId(domain), GuestEvent.Kind.REBOOTED, "rebooted"));
            }
        }

        @Override
        public void onJobCompleted(UUID domain, JobStatistics statistics) {
            CompletableFuture<JobStatistics> job = awaitedJobs.remove(domain);
            if (job != null) {
                job.complete(statistics);
            }
        }

        @Override
        public void onClosed(String reason) {
            Session lost;
            synchronized (this) {
                closedBecause = reason;
                lost = served;
            }
            if (lost != null) {
                lose(lost, reason);
            }
        }
    }
}
