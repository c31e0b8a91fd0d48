package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;

/** Brings back a softly deleted instance; it runs if it ran when it was deleted. */
final class RestoreSaga extends InstanceSaga<Instance> {
    /**
     * What is asked.
     *
     * @param id the instance
     */
    record Request(InstanceId id) {}

    RestoreSaga(Services services, Request request) {
        super(services, Verb.RESTORE.word(), request.id());
    }

    @Override
    public List<Step> steps() {
        return List.of(onHost("start-guest", context -> {
                    if (row().before().filter(VmState.ACTIVE::equals).isPresent()) {
                        startGuest(context);
                    } else {
                        look(context, connection(context));
                    }
                })
                .undo(context -> connection(context).powerOffGuest(context.call(PowerSteps.CALL), id)));
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(tx, id, edit -> {
                    settle(edit, VmState.STOPPED, context);
                    edit.before(Optional.empty()).due(Optional.empty());
                })
                .instance();
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        charges.release(tx, id);
    }
}
