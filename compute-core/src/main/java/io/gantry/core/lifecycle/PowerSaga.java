package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.util.List;

/**
 * A verb that turns an instance on or off, wholly or in part. It has one step and nothing to undo: whether it succeeds or
 * fails, the instance is in the state that its guest is found in.
 */
final class PowerSaga extends InstanceSaga<Instance> {
    private final Request request;
    private final PowerSteps power;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param verb the verb
     * @param cleanTimeout how long a guest has to shut down by itself; zero where it is not asked to
     */
    record Request(InstanceId id, Verb verb, Duration cleanTimeout) {}

    PowerSaga(Services services, Request request) {
        super(services, request.verb().word(), request.id());
        this.request = request;
        this.power = new PowerSteps(services.hosts().signals());
    }

    @Override
    public List<Step> steps() {
        return List.of(
                switch (request.verb()) {
                    case START -> onHost("start-guest", this::startGuest);
                    case STOP ->
                        GuestStep.waiting("stop-guest", context -> {
                            power.stop(context, connection(context), id, request.cleanTimeout());
                            look(context, connection(context));
                        });
                    case REBOOT ->
                        GuestStep.waiting("reboot-guest", context -> {
                            power.reboot(context, connection(context), id, PowerSteps.SOFT_REBOOT);
                            lookForRunning(context, host(context));
                        });
                    case REBOOT_HARD -> GuestStep.waiting("reset-guest", this::reset);
                    case PAUSE ->
                        onHost("pause-guest", context -> {
                            connection(context).pauseGuest(context.call(PowerSteps.CALL), id);
                            look(context, connection(context));
                        });
                    case UNPAUSE ->
                        onHost("unpause-guest", context -> {
                            connection(context).unpauseGuest(context.call(PowerSteps.CALL), id);
                            look(context, connection(context));
                        });
                    case SUSPEND ->
                        GuestStep.waiting("suspend-guest", context -> {
                            connection(context).suspendGuest(context.call(PowerSteps.SAVE), id);
                            look(context, connection(context));
                        });
                    case RESUME ->
                        GuestStep.waiting("resume-guest", context -> {
                            connection(context).resumeGuest(context.call(PowerSteps.SAVE), id);
                            lookForRunning(context, host(context));
                        });
                    default -> throw new IllegalStateException(request.verb() + " is no power verb");
                });
    }

    /** The verb that repairs: makes the guest again if its host has lost it, on the disk that is there. */
    private void reset(StepContext context) throws Exception {
        HostConnection connection = connection(context);
        if (connection.guest(id).isEmpty()) {
            cacheImages(context, host(context), row().boot());
            connection.createGuest(context.call(PowerSteps.CALL), spec(row(), host(context)));
        }
        power.reset(context, connection, id);
        lookForRunning(context, host(context));
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(
                        tx,
                        id,
                        edit -> settle(edit, rows.get(tx, id).value().instance().state(), context))
                .instance();
    }
}
