package io.gantry.core.lifecycle;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.host.HostId;
import io.gantry.spi.driver.HostConnection;

/** A step on the host that an instance is on. */
final class GuestStep implements Step {
    private final String name;
    private final Lane lane;
    private final Services services;
    private final HostId host;
    private final Work work;

    /** What is done on the host. */
    @FunctionalInterface
    interface Work {
        void run(StepContext context, HostConnection connection) throws Exception;
    }

    private GuestStep(String name, Lane lane, Services services, HostId host, Work work) {
        this.name = name;
        this.lane = lane;
        this.services = services;
        this.host = host;
        this.work = work;
    }

    /** {@return a step of short calls} */
    static GuestStep calling(String name, Services services, HostId host, Work work) {
        return new GuestStep(name, new Lane.OnHost(host), services, host, work);
    }

    /** {@return a step that mostly waits} */
    static GuestStep waiting(String name, Services services, HostId host, Work work) {
        return new GuestStep(name, new Lane.Waiting(), services, host, work);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Lane lane(StepContext context) {
        return lane;
    }

    @Override
    public void run(StepContext context) throws Exception {
        work.run(context, services.hosts().connection(host));
    }
}
