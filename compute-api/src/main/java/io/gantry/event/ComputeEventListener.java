package io.gantry.event;

/** Told what happens. */
@FunctionalInterface
public interface ComputeEventListener {
    /**
     * Takes one event. Calls to one listener come one at a time and in order, from a thread of the engine: do not
     * block it. What this throws is logged and counted; the listener stays registered.
     *
     * @param event what happened
     */
    void onEvent(ComputeEvent event);
}
