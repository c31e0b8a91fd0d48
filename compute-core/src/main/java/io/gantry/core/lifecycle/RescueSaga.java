package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;

/** Boots an instance from a rescue disk. What fails is undone: the instance is as it was. */
final class RescueSaga extends InstanceSaga<Instance> {
    private final Request request;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param boot what to boot from
     */
    record Request(InstanceId id, InstanceRow.Boot boot) {}

    RescueSaga(Services services, Request request) {
        super(services, Verb.RESCUE.word(), request.id());
        this.request = request;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                onHost("cache-image", context -> cacheImages(context, host(context), request.boot())),
                new StopFirst(services, id, this::connection).step(),
                onHost("rescue-guest", this::rescue)
                        .undo(context -> connection(context).unrescueGuest(context.call(PowerSteps.CALL), id)));
    }

    private void rescue(StepContext context) {
        RescueSpec spec = new RescueSpec(id, request.boot().image(), Guests.directBoot(request.boot()));
        connection(context).rescueGuest(context.call(PowerSteps.CALL), spec);
        lookForRunning(context, host(context));
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(
                        tx,
                        id,
                        edit -> edit.state(VmState.RESCUED, power(context))
                                .before(Optional.of(StopFirst.wasOn(context) ? VmState.ACTIVE : VmState.STOPPED))
                                .fault(Optional.empty())
                                .free())
                .instance();
    }
}
