package io.gantry.host;

import io.gantry.error.ResourceRef;
import io.gantry.event.ComputeEvent;
import java.time.Instant;

/**
 * A host became reachable, or ceased to be.
 *
 * @param sequence see {@link ComputeEvent#sequence()}
 * @param at when the engine learnt of it
 * @param host the host
 * @param state its state now
 * @param reason why
 */
public record HostStateChanged(long sequence, Instant at, HostId host, HostState state, String reason)
        implements ComputeEvent {
    @Override
    public ResourceRef resource() {
        return host.ref();
    }
}
