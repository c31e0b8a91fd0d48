package io.gantry.core.lifecycle;

import io.gantry.core.operation.Saga;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Deletes an instance: its guest wherever it may be, then its claims and its row. */
final class DeleteSaga implements Saga<Instance> {
    private final Services services;
    private final InstanceRows rows;
    private final InstanceId id;
    private final List<Step> steps;

    DeleteSaga(Services services, InstanceRow before) {
        this.services = services;
        this.rows = new InstanceRows(services.state(), services.clock());
        this.id = before.instance().id();
        // After a migration in doubt the guest may be on either host.
        this.steps = Stream.of(before.moveTo(), before.instance().host())
                .flatMap(Optional::stream)
                .map(this::deleteGuest)
                .toList();
    }

    private Step deleteGuest(HostId host) {
        return GuestStep.calling(
                "delete-guest",
                services,
                host,
                (context, connection) -> connection.deleteGuest(context.call(PowerSteps.CALL), id));
    }

    @Override
    public String verb() {
        return Verb.DELETE.word();
    }

    @Override
    public ResourceRef resource() {
        return id.ref();
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        services.ledger().releaseAll(tx, Need.instance(id));
        services.state()
                .placements()
                .get(tx, id.toString())
                .ifPresent(row -> services.state().placements().delete(tx, row));
        Table.Entry<InstanceRow> entry = rows.get(tx, id);
        services.state().instances().delete(tx, entry);
        return entry.value()
                .withState(VmState.DELETED, PowerState.NOSTATE, services.clock().instant())
                .withoutTask(services.clock().instant())
                .instance();
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        InstanceSaga.recordFailure(services, tx, id, failure);
    }

    @Override
    public void begun() {
        InstanceSaga.announce(services, id, Verb.DELETE.word(), null);
    }

    @Override
    public void ended(@Nullable Instance result, @Nullable ComputeException failure) {
        if (result == null) {
            InstanceSaga.announce(services, id, Verb.DELETE.word(), failure);
        } else {
            services.sync().forget(id);
            services.events().changed(result, Verb.DELETE.word());
        }
    }
}
