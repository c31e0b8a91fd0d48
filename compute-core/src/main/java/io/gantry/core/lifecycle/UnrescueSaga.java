package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Gives an instance its normal form back; it runs if it ran before the rescue. Goes only forward: what fails can be asked
 * for again.
 */
final class UnrescueSaga extends InstanceSaga<Instance> {
    private static final String NORMAL = "normal";

    /**
     * What is asked.
     *
     * @param id the instance
     */
    record Request(InstanceId id) {}

    UnrescueSaga(Services services, Request request) {
        super(services, Verb.UNRESCUE.word(), request.id());
    }

    @Override
    public List<Step> steps() {
        return List.of(
                onHost("unrescue-guest", context -> {
                    connection(context).unrescueGuest(context.call(PowerSteps.CALL), id);
                    look(context, connection(context));
                    context.change(tx -> context.record(NORMAL, ""));
                }),
                onHost("start-guest", context -> {
                    if (row().before().filter(VmState.ACTIVE::equals).isPresent()) {
                        startGuest(context);
                    }
                }));
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(tx, id, edit -> {
                    settle(edit, VmState.STOPPED, context);
                    edit.before(Optional.empty());
                })
                .instance();
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        if (context.recorded(NORMAL).isPresent()) {
            edit.state(VmState.STOPPED, PowerState.SHUTDOWN).before(Optional.empty());
        }
    }
}
