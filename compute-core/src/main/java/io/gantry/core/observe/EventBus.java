package io.gantry.core.observe;

import io.gantry.event.ComputeEvent;
import io.gantry.event.ComputeEventListener;
import io.gantry.event.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;

/** Numbers events and passes them to the listeners. */
public final class EventBus {
    private final Executor executor;
    private final List<SerialDelivery<ComputeEvent>> deliveries = new CopyOnWriteArrayList<>();
    private long sequence;

    /**
     * Creates a bus.
     *
     * @param executor runs the listeners
     */
    public EventBus(Executor executor) {
        this.executor = executor;
    }

    /** Registers a listener. */
    public Subscription subscribe(ComputeEventListener listener) {
        SerialDelivery<ComputeEvent> delivery = new SerialDelivery<>(executor, listener::onEvent);
        deliveries.add(delivery);
        return () -> {
            deliveries.remove(delivery);
            delivery.close();
        };
    }

    /**
     * Publishes an event.
     *
     * @param event makes the event with its sequence number
     */
    public synchronized void publish(LongFunction<? extends ComputeEvent> event) {
        ComputeEvent numbered = event.apply(++sequence);
        deliveries.forEach(delivery -> delivery.deliver(numbered));
    }
}
