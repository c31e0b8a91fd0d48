package io.gantry.driver.sim;

import io.gantry.error.HostUnreachable;
import io.gantry.error.OutcomeUnknown;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stands between a host and its callers: power, network, a daemon that hangs, latency, and faults that were ordered. */
final class Gate {
    private final String host;
    private final Surroundings surroundings;
    private final Faults faults = new Faults();
    private final List<Mailbox> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable CompletableFuture<Void>> hanging = new AtomicReference<>();
    private volatile boolean powered = true;
    private volatile boolean networked = true;
    private volatile Duration latency;

    Gate(String host, Surroundings surroundings) {
        this.host = host;
        this.surroundings = surroundings;
        this.latency = surroundings.callLatency();
    }

    Faults faults() {
        return faults;
    }

    List<Mailbox> listeners() {
        return listeners;
    }

    /** Whether migrations pass: a daemon that hangs does not stop them. */
    boolean linkUp() {
        return powered && networked;
    }

    /** Fails for a call that got through just before the power went. */
    void requirePower() {
        if (!powered) {
            throw new HostUnreachable(host, "the host lost power", null);
        }
    }

    boolean answers() {
        return linkUp() && hanging.get() == null;
    }

    void latency(Duration changed) {
        latency = changed;
    }

    void power(boolean on) {
        change(() -> powered = on, on ? "the host has power again" : "the host lost power");
    }

    void network(boolean up) {
        change(() -> networked = up, up ? "the network is back" : "the network is gone");
    }

    void hang() {
        hanging.compareAndSet(null, new CompletableFuture<>());
    }

    void unhang() {
        CompletableFuture<Void> hung = hanging.getAndSet(null);
        if (hung != null) {
            hung.complete(null);
            if (answers()) {
                listeners.forEach(listener -> listener.post(l -> l.onConnected()));
            }
        }
    }

    private void change(Runnable change, String reason) {
        boolean before = linkUp();
        change.run();
        if (before && !linkUp()) {
            listeners.forEach(listener -> listener.post(l -> l.onDisconnected(reason)));
        } else if (!before && linkUp()) {
            listeners.forEach(listener -> listener.post(l -> l.onConnected()));
        }
    }

    /** Lets a call through, with what was ordered for it. */
    <T> T call(SimCall call, Duration timeout, Supplier<T> body) {
        requireLink(call);
        Faults.Fault fault = faults.take(call);
        CompletableFuture<Void> hung = hanging.get();
        Duration delay = latency;
        if (fault instanceof Faults.Hang || hung != null || !delay.isZero()) {
            hold(call, timeout, fault, hung, delay);
        }
        if (fault instanceof Faults.Refuse refuse) {
            throw refuse.failure().get();
        }
        T result = body.get();
        if (fault instanceof Faults.LoseAnswer) {
            throw new OutcomeUnknown(host, "the answer to '" + call + "' was lost", null);
        }
        return result;
    }

    private void hold(
            SimCall call,
            Duration timeout,
            Faults.@Nullable Fault fault,
            @Nullable CompletableFuture<Void> hung,
            Duration delay) {
        long deadline = Waits.due(surroundings.nanos(), timeout);
        if (fault instanceof Faults.Hang hang) {
            await(call, hang.hold().enter(), timeout, deadline);
        }
        if (hung != null) {
            await(call, hung, timeout, deadline);
        }
        if (!delay.isZero()) {
            long left = deadline - surroundings.nanos();
            Duration pause = Duration.ofNanos(Math.min(left, delay.toNanos()));
            boolean interrupted = !sleep(pause);
            if (interrupted || delay.toNanos() > left) {
                throw unanswered(call, interrupted ? "the wait was interrupted" : "no answer within " + timeout);
            }
        }
        requireLink(call);
    }

    private boolean sleep(Duration pause) {
        try {
            Waits.await(surroundings.clock(), new CompletableFuture<Void>(), pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void await(SimCall call, CompletableFuture<Void> event, Duration timeout, long deadline) {
        try {
            Duration left = Duration.ofNanos(deadline - surroundings.nanos());
            if (!Waits.await(surroundings.clock(), event, left)) {
                // As the contract of HostListener says: a call without an answer counts as a broken connection.
                listeners.forEach(listener -> listener.post(l -> l.onDisconnected("no answer to '" + call + "'")));
                if (answers()) {
                    listeners.forEach(listener -> listener.post(l -> l.onConnected()));
                }
                throw unanswered(call, "no answer within " + timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(call, "the wait was interrupted");
        }
    }

    private void requireLink(SimCall call) {
        if (!linkUp()) {
            throw new HostUnreachable(host, "no route for '" + call + "'", null);
        }
    }

    private HostUnreachable unanswered(SimCall call, String why) {
        String problem = "'" + call + "': " + why;
        return call.changing() ? new OutcomeUnknown(host, problem, null) : new HostUnreachable(host, problem, null);
    }
}
