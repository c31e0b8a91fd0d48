package io.gantry.driver.sim;

import io.gantry.spi.driver.HostListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener one thing after the other, in the order in which they were posted. */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final HostListener listener;
    private final Executor executor;
    private final Queue<Consumer<HostListener>> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean closed;

    Mailbox(HostListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void post(Consumer<HostListener> letter) {
        if (closed) {
            return;
        }
        letters.add(letter);
        if (pending.getAndIncrement() == 0) {
            try {
                executor.execute(this::drain);
            } catch (RejectedExecutionException e) {
                // The driver was closed in this moment: there is nobody left to tell.
                closed = true;
            }
        }
    }

    void close() {
        closed = true;
    }

    private void drain() {
        do {
            Consumer<HostListener> letter = letters.poll();
            if (letter != null && !closed) {
                tell(letter);
            }
        } while (pending.decrementAndGet() > 0);
    }

    private void tell(Consumer<HostListener> letter) {
        try {
            letter.accept(listener);
        } catch (RuntimeException e) {
            LOG.warn("A host listener threw; later events are delivered all the same", e);
        }
    }
}
