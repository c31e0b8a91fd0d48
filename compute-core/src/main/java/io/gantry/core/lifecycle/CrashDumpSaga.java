package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.error.InvalidState;
import io.gantry.error.OutcomeUnknown;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.store.Transaction;
import java.util.List;

/**
 * Sends a guest a non-maskable interrupt, once: a second one would bring down a guest that has booted anew meanwhile. Whoever
 * carries the operation on from the step that sends it cannot know whether that was done, and says so.
 */
final class CrashDumpSaga extends InstanceSaga<Instance> {
    private boolean found;

    /**
     * What is asked.
     *
     * @param id the instance
     */
    record Request(InstanceId id) {}

    CrashDumpSaga(Services services, Request request) {
        super(services, Verb.TRIGGER_CRASH_DUMP.word(), request.id());
    }

    @Override
    public List<Step> steps() {
        return List.of(onHost("find-guest", this::find), onHost("inject-nmi", this::inject));
    }

    private void find(StepContext context) {
        PowerState power = PowerSteps.power(connection(context), id);
        if (power != PowerState.RUNNING && power != PowerState.PAUSED) {
            throw new InvalidState(
                    id.ref(),
                    Verb.TRIGGER_CRASH_DUMP.word(),
                    power.name(),
                    List.of(PowerState.PAUSED.name(), PowerState.RUNNING.name()));
        }
        found = true;
    }

    private void inject(StepContext context) {
        if (!found) {
            throw new OutcomeUnknown(
                    host(context).value(),
                    "the engine ended while it sent the guest of " + id.ref() + " an interrupt",
                    null);
        }
        connection(context).injectNmi(context.call(PowerSteps.CALL), id);
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(tx, id, InstanceRow.Edit::free).instance();
    }
}
