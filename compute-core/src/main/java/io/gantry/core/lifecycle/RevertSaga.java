package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.state.InstanceRow;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestLayout;
import java.util.List;
import java.util.Optional;

/**
 * Gives an instance the form and the place back that it had before a resize, with its disk of that time. Goes only forward:
 * what fails can be asked for again.
 */
final class RevertSaga extends InstanceSaga<Instance> {
    private static final String MOVED = "moved";

    private final ColdMove move;

    /**
     * What is asked.
     *
     * @param id the instance
     */
    record Request(InstanceId id) {}

    RevertSaga(Services services, Request request) {
        super(services, Verb.REVERT_RESIZE.word(), request.id());
        this.move = new ColdMove(services, id, this::disks);
    }

    @Override
    public boolean cancellable() {
        return false;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                onHost("power-off", context -> {
                    HostConnection connection = connection(context);
                    if (connection.guest(id).isPresent()) {
                        connection.powerOffGuest(context.call(PowerSteps.CALL), id);
                    }
                }),
                GuestStep.waiting("move-back", this::moveBack),
                GuestStep.waiting("start-guest", this::start));
    }

    private void moveBack(StepContext context) {
        InstanceRow row = row();
        InstanceRow.Resized resized = row.resized().orElseThrow();
        GuestLayout layout = layouts.at(row, resized.flavor(), resized.source(), Need.migration(resized.operation()));
        move.back(
                context,
                resized.source(),
                host(context),
                resized.sameStorage(),
                Guests.spec(row, resized.flavor(), resized.rootDisk(), row.boot(), layout));
        context.record(MOVED, true);
    }

    private void start(StepContext context) {
        InstanceRow.Resized resized = row().resized().orElseThrow();
        if (resized.wasActive()) {
            startGuest(context, resized.source());
        } else {
            look(context, services.hosts().connection(resized.source()));
        }
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        InstanceRow.Resized resized = rows.get(tx, id).value().resized().orElseThrow();
        return rows.change(tx, id, edit -> {
                    revert(tx, edit, resized);
                    settle(edit, resized.wasActive() ? VmState.ACTIVE : VmState.STOPPED, context);
                })
                .instance();
    }

    private void revert(Transaction tx, InstanceRow.Edit edit, InstanceRow.Resized resized) {
        services.ledger().releaseAll(tx, Need.instance(id));
        services.ledger().pass(tx, Need.migration(resized.operation()), Need.instance(id), resized.source());
        charges.charge(tx, rows.get(tx, id).value().instance(), resized.flavor());
        edit.host(Optional.of(resized.source()))
                .size(resized.flavor(), resized.rootDisk())
                .resized(Optional.empty())
                .due(Optional.empty());
    }

    /** A guest that is back is back: the instance is where its guest is, and off until it is seen to be on. */
    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        if (context.isRecorded(MOVED)) {
            revert(tx, edit, rows.get(tx, id).value().resized().orElseThrow());
            edit.state(VmState.STOPPED, PowerState.SHUTDOWN);
        }
    }
}
