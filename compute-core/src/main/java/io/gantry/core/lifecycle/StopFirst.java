package io.gantry.core.lifecycle;

import io.gantry.core.operation.StepContext;
import io.gantry.instance.InstanceId;
import io.gantry.instance.StopOptions;
import io.gantry.spi.driver.HostConnection;
import java.time.Duration;
import java.util.function.Function;

/** The step of verbs that need the guest off: powers it off, and on again if the verb fails. */
final class StopFirst {
    private static final String WAS_ON = "was-on";

    private static final Duration CLEAN = StopOptions.clean().cleanTimeout();

    private final PowerSteps power;
    private final InstanceId id;
    private final Function<StepContext, HostConnection> connection;

    StopFirst(Services services, InstanceId id, Function<StepContext, HostConnection> connection) {
        this.power = new PowerSteps(services.hosts().signals());
        this.id = id;
        this.connection = connection;
    }

    GuestStep step() {
        return GuestStep.waiting("stop-guest", this::stop).undo(this::startAgain);
    }

    private void stop(StepContext context) throws InterruptedException {
        note(context);
        power.stop(context, connection.apply(context), id, CLEAN);
    }

    /** Notes whether the guest is on, before it is touched: a successor that finds it off must know that it was on. */
    void note(StepContext context) {
        if (context.recorded(WAS_ON).isEmpty()) {
            boolean on = PowerSteps.isOn(connection.apply(context), id);
            context.change(tx -> context.record(WAS_ON, on));
        }
    }

    /** Powers the guest on again if it was on. */
    void startAgain(StepContext context) {
        if (wasOn(context)) {
            connection.apply(context).startGuest(context.call(PowerSteps.CALL), id);
        }
    }

    /** {@return whether the guest was on before it was stopped} */
    static boolean wasOn(StepContext context) {
        return context.isRecorded(WAS_ON);
    }
}
