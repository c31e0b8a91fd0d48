package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.LeftoverRow;
import io.gantry.error.HostUnreachable;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a resize, and removes what the old form needed; a source that does not answer is cleaned when it returns. */
final class ConfirmSaga extends InstanceSaga<Instance> {
    private static final Logger LOG = LoggerFactory.getLogger(ConfirmSaga.class);
    private static final String LEFT = "left";

    /**
     * What is asked.
     *
     * @param id the instance
     */
    record Request(InstanceId id) {}

    ConfirmSaga(Services services, Request request) {
        super(services, Verb.CONFIRM_RESIZE.word(), request.id());
    }

    @Override
    public boolean cancellable() {
        return false;
    }

    @Override
    public List<Step> steps() {
        return List.of(GuestStep.waiting("remove-old", this::removeOld));
    }

    private void removeOld(StepContext context) {
        InstanceRow.Resized resized = row().resized().orElseThrow();
        look(context, connection(context));
        if (resized.sameStorage()) {
            disks(host(context)).delete(context.call(PowerSteps.CALL), GuestDisk.copy(id, ColdMove.COPY_NAME));
            return;
        }
        try {
            services.hosts().connection(resized.source()).deleteGuest(context.call(PowerSteps.CALL), id);
            context.forget(LEFT);
        } catch (HostUnreachable e) {
            LOG.info(
                    "Host {} does not answer; the old form of {} will be removed when it does",
                    resized.source(),
                    id,
                    e);
            context.record(LEFT, "");
        }
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        InstanceRow before = rows.get(tx, id).value();
        InstanceRow.Resized resized = before.resized().orElseThrow();
        services.ledger().releaseAll(tx, Need.migration(resized.operation()));
        if (context.recorded(LEFT).isPresent()) {
            services.state().leave(tx, new LeftoverRow(id, resized.source(), before.epoch(), false, context.now()));
        }
        Instance after = rows.change(tx, id, edit -> {
                    settle(edit, resized.wasActive() ? VmState.ACTIVE : VmState.STOPPED, context);
                    edit.resized(Optional.empty()).due(Optional.empty());
                })
                .instance();
        charges.charge(tx, after, after.flavor());
        return after;
    }
}
