package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.LeftoverRow;
import io.gantry.core.state.Table;
import io.gantry.core.state.TombstoneRow;
import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import io.gantry.spi.store.Transaction;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes an instance: waits for what is at work on it, removes its guest wherever it may be, then its claims and its row.
 * A host that does not answer keeps nobody waiting: it is noted that the guest there is to be removed when it does. An
 * engine that reclaims deleted instances later only powers the guest off.
 */
final class DeleteSaga extends InstanceSaga<Instance> {
    private static final Logger LOG = LoggerFactory.getLogger(DeleteSaga.class);
    private static final String TURN = "turn";
    private static final String SOFT = "soft";
    private static final String SHELF = "shelf";
    private static final String LEFT = "left-on:";
    private static final long FIRST_LOOK_MILLIS = 10;
    private static final long LAST_LOOK_MILLIS = 500;
    private static final Set<VmState> SOFTLY =
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED, VmState.RESCUED);

    private final Request request;
    private final StopFirst stop;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param verb {@link Verb#DELETE} or {@link Verb#FORCE_DELETE}
     */
    record Request(InstanceId id, Verb verb) {}

    DeleteSaga(Services services, Request request) {
        super(services, request.verb().word(), request.id());
        this.request = request;
        this.stop = new StopFirst(services, id, this::connection);
    }

    static boolean isDelete(String verb) {
        return verb.equals(Verb.DELETE.word()) || verb.equals(Verb.FORCE_DELETE.word());
    }

    @Override
    public boolean cancellable() {
        return false;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                GuestStep.waiting("await-turn", this::awaitTurn).when(context -> !context.isRecorded(TURN)),
                GuestStep.waiting("power-off", this::powerOff)
                        .when(DeleteSaga::isSoft)
                        .undo(stop::startAgain),
                GuestStep.waiting("delete-guests", this::deleteGuests)
                        .when(context -> !isSoft(context))
                        .committing(),
                GuestStep.waiting("delete-shelf", this::deleteShelf)
                        .when(context -> context.recorded(SHELF).isPresent()));
    }

    /** Waits until the operation ends that had the instance when the delete was accepted, and takes its place. */
    private void awaitTurn(StepContext context) throws InterruptedException {
        long pause = FIRST_LOOK_MILLIS;
        while (!context.<Boolean>transact(tx -> takeTurn(tx, context))) {
            Thread.sleep(pause);
            pause = Math.min(2 * pause, LAST_LOOK_MILLIS);
        }
    }

    private boolean takeTurn(Transaction tx, StepContext context) {
        Table.Entry<InstanceRow> entry = rows.get(tx, id);
        InstanceRow row = entry.value();
        Optional<OperationId> holder = row.operation();
        if (holder.isPresent() && !holder.get().equals(context.operation())) {
            return false;
        }
        if (holder.isEmpty()) {
            services.state()
                    .instances()
                    .update(
                            tx,
                            entry,
                            row.with(
                                    context.now(),
                                    edit -> edit.take(TaskState.DELETING, context.operation())
                                            .next(Optional.empty())));
        }
        turn(services, request.verb(), row).forEach(context::record);
        return true;
    }

    /** {@return what is recorded when the delete has the instance: what there is to do} */
    static Map<String, String> turn(Services services, Verb verb, InstanceRow row) {
        Map<String, String> records = new HashMap<>();
        boolean soft = verb == Verb.DELETE
                && !services.settings().reclaimAfter().isZero()
                && SOFTLY.contains(row.instance().state())
                && row.instance()
                        .host()
                        .filter(host -> services.hosts().state(host) == HostState.UP)
                        .isPresent();
        records.put(TURN, Boolean.toString(true));
        records.put(SOFT, Boolean.toString(soft));
        if (!soft) {
            row.shelf().ifPresent(shelf -> records.put(SHELF, shelf.toString()));
        }
        return records;
    }

    private static boolean isSoft(StepContext context) {
        return context.isRecorded(SOFT);
    }

    private void powerOff(StepContext context) {
        stop.note(context);
        connection(context).powerOffGuest(context.call(PowerSteps.CALL), id);
    }

    private void deleteGuests(StepContext context) {
        for (HostId host : hosts(row())) {
            try {
                services.hosts().connection(host).deleteGuest(context.call(PowerSteps.CALL), id);
                context.forget(LEFT + host);
            } catch (HostUnreachable e) {
                LOG.info("Host {} does not answer; guest {} will be removed when it does", host, id, e);
                context.record(LEFT + host, "");
            }
        }
    }

    /** After a migration in doubt, or before a resize is confirmed, the guest may be on either of two hosts. */
    private static Set<HostId> hosts(InstanceRow row) {
        Set<HostId> hosts = new LinkedHashSet<>();
        row.moveTo().ifPresent(hosts::add);
        row.instance().host().ifPresent(hosts::add);
        row.resized().map(InstanceRow.Resized::source).ifPresent(hosts::add);
        return hosts;
    }

    private void deleteShelf(StepContext context) {
        services.images().remove(ImageId.of(context.recorded(SHELF).orElseThrow()));
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return isSoft(context) ? keep(tx, context) : remove(tx, context);
    }

    private Instance keep(Transaction tx, StepContext context) {
        charges.release(tx, id);
        return rows.change(
                        tx,
                        id,
                        edit -> edit.before(Optional.of(StopFirst.wasOn(context) ? VmState.ACTIVE : VmState.STOPPED))
                                .state(VmState.SOFT_DELETED, PowerState.SHUTDOWN)
                                .due(Optional.of(
                                        context.now().plus(services.settings().reclaimAfter())))
                                .fault(Optional.empty())
                                .free())
                .instance();
    }

    private Instance remove(Transaction tx, StepContext context) {
        Table.Entry<InstanceRow> entry = rows.get(tx, id);
        InstanceRow row = entry.value();
        services.ledger().releaseAll(tx, Need.instance(id));
        row.resized().ifPresent(resized -> services.ledger().releaseAll(tx, Need.migration(resized.operation())));
        charges.release(tx, id);
        services.state().placements().remove(tx, id.toString());
        hosts(row).stream()
                .filter(host -> context.recorded(LEFT + host).isPresent())
                .forEach(host ->
                        services.state().leave(tx, new LeftoverRow(id, host, row.epoch() + 1, false, context.now())));
        services.state().instances().delete(tx, entry);
        services.state().tombstones().insert(tx, new TombstoneRow(id, context.now()));
        return row.with(
                        context.now(),
                        edit -> edit.state(VmState.DELETED, PowerState.NOSTATE).free())
                .instance();
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        if (!undone && context.recorded(SHELF).isPresent()) {
            // It could not be unshelved from an image that is gone.
            edit.state(VmState.ERROR, PowerState.NOSTATE);
        }
    }

    @Override
    public void ended(@Nullable Instance result, @Nullable ComputeException failure) {
        if (result == null || result.state() != VmState.DELETED) {
            announce(failure);
        } else {
            services.sync().forget(id);
            services.events().changed(result, request.verb().word());
        }
    }
}
