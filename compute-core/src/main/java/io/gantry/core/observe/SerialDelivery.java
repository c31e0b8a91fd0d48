package io.gantry.core.observe;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers messages to one listener, one at a time and in order, on threads of a shared executor. What the listener
 * throws is logged.
 *
 * @param <M> the messages
 */
public final class SerialDelivery<M> {
    private static final Logger LOG = LoggerFactory.getLogger(SerialDelivery.class);

    private final Executor executor;
    private final Consumer<M> listener;
    private final Queue<M> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean closed;

    /**
     * Creates a delivery.
     *
     * @param executor runs the listener
     * @param listener told each message
     */
    public SerialDelivery(Executor executor, Consumer<M> listener) {
        this.executor = executor;
        this.listener = listener;
    }

    /** Delivers a message, after those that wait. */
    public void deliver(M message) {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            waiting.add(message);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::drain);
    }

    /** Drops what waits, and everything to come. */
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.clear();
        }
    }

    private void drain() {
        while (true) {
            M next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    running = false;
                    return;
                }
            }
            try {
                listener.accept(next);
            } catch (RuntimeException e) {
                LOG.warn("A listener threw on {}", next, e);
            }
        }
    }
}
