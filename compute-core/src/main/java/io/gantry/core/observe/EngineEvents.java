package io.gantry.core.observe;

import io.gantry.audit.DifferenceFound;
import io.gantry.audit.Finding;
import io.gantry.host.Aggregate;
import io.gantry.host.AggregateChanged;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.host.HostStateChanged;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceChanged;
import java.time.Clock;

/** Publishes the events of an engine. */
public final class EngineEvents {
    private final EventBus bus;
    private final Clock clock;

    /**
     * Creates a publisher.
     *
     * @param bus takes the events
     * @param clock tells the time
     */
    public EngineEvents(EventBus bus, Clock clock) {
        this.bus = bus;
        this.clock = clock;
    }

    /** An instance changed. */
    public void changed(Instance instance, String cause) {
        bus.publish(sequence -> new InstanceChanged(sequence, clock.instant(), instance, cause));
    }

    /** An audit found something. */
    public void found(Finding finding) {
        bus.publish(sequence -> new DifferenceFound(sequence, clock.instant(), finding));
    }

    /** An aggregate changed. */
    public void changed(Aggregate aggregate, String cause) {
        bus.publish(sequence -> new AggregateChanged(sequence, clock.instant(), aggregate, cause));
    }

    /** A host became reachable, or ceased to be. */
    public void changed(HostId host, HostState state, String reason) {
        bus.publish(sequence -> new HostStateChanged(sequence, clock.instant(), host, state, reason));
    }
}
