package io.gantry.core.lifecycle;

import io.gantry.core.aggregate.HostZones;
import io.gantry.core.identity.AccessControl;
import io.gantry.core.operation.Admission;
import io.gantry.core.state.ActionRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.identity.Caller;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads and changes instances within a transaction. */
public final class InstanceRows {
    private final State state;
    private final HostZones zones;
    private final Clock clock;

    /** Creates access to the instances. */
    public InstanceRows(Services services) {
        this.state = services.state();
        this.zones = services.zones();
        this.clock = services.clock();
    }

    /**
     * {@return an instance's row}
     *
     * @throws NotFound if there is none
     */
    public Table.Entry<InstanceRow> get(Transaction tx, InstanceId id) {
        return state.instances().get(tx, id.toString()).orElseThrow(() -> notFound(id));
    }

    /** {@return what is thrown where there is no such instance, or the caller may not see it} */
    public static NotFound notFound(InstanceId id) {
        return AccessControl.unknown(id.ref());
    }

    /** {@return an instance's row as it is now} */
    public InstanceRow read(InstanceId id) {
        return state.read(tx -> get(tx, id)).value();
    }

    /**
     * Takes an instance's task for a verb.
     *
     * @param overrides whether the policy lets the caller pass locks of others
     * @return the operation's epoch
     * @throws NotFound if there is none
     * @throws ComputeException if the transition table refuses the verb
     */
    public Admission take(
            Transaction tx, InstanceId id, Verb verb, OperationId operation, Caller caller, boolean overrides) {
        Table.Entry<InstanceRow> entry = get(tx, id);
        InstanceRow row = entry.value();
        Optional<OperationId> holder = row.operation().or(row::next);
        refuse(verb, row, holder, caller, overrides);
        InstanceRow taken =
                row.with(clock.instant(), edit -> edit.take(verb.task().orElseThrow(), operation));
        state.instances().update(tx, entry, taken);
        return Admission.of(taken.epoch());
    }

    /** Refuses a verb by the transition table. */
    static void refuse(Verb verb, InstanceRow row, Optional<OperationId> holder, Caller caller, boolean overrides) {
        Optional<ComputeException> refusal = Transitions.refusal(verb, row.instance(), holder, caller, overrides);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    /**
     * Takes an instance's task for a delete, behind whatever is at work on it.
     *
     * @return the delete's epoch; or the delete that is under way already
     */
    Admission takeForDelete(
            Transaction tx, InstanceId id, Verb verb, OperationId operation, Caller caller, boolean overrides) {
        Table.Entry<InstanceRow> entry = get(tx, id);
        InstanceRow row = entry.value();
        refuse(verb, row, Optional.empty(), caller, overrides);
        if (row.next().isPresent()) {
            return Admission.already(row.next().get());
        }
        if (row.operation().isEmpty()) {
            return take(tx, id, verb, operation, caller, overrides);
        }
        OperationId holder = row.operation().get();
        boolean deleting = state.operations()
                .get(tx, holder.toString())
                .filter(found -> DeleteSaga.isDelete(found.value().verb()))
                .isPresent();
        if (deleting) {
            return Admission.already(holder);
        }
        InstanceRow waiting = row.with(clock.instant(), edit -> edit.next(Optional.of(operation)));
        state.instances().update(tx, entry, waiting);
        // The holder keeps its epoch until it ends; the delete raises it when its turn comes.
        return Admission.of(waiting.epoch() + 1);
    }

    /** Changes an instance's row; with its host, its zone changes. */
    public InstanceRow change(Transaction tx, InstanceId id, Consumer<InstanceRow.Edit> changes) {
        Table.Entry<InstanceRow> entry = get(tx, id);
        InstanceRow after = entry.value().with(clock.instant(), changes);
        Optional<HostId> host = after.instance().host();
        if (!host.equals(entry.value().instance().host())) {
            after = after.with(clock.instant(), edit -> edit.zone(host.map(where -> zones.zone(tx, where))));
        }
        state.instances().update(tx, entry, after);
        return after;
    }

    /** Changes an instance's row at once on a caller's behalf, and records that. */
    Instance change(Transaction tx, InstanceId id, String verb, Caller caller, Consumer<InstanceRow.Edit> changes) {
        InstanceRow after = change(tx, id, changes);
        OperationId action = OperationId.random();
        state.actions()
                .insert(
                        tx,
                        new ActionRow(
                                id,
                                action,
                                verb,
                                action.toString(),
                                caller,
                                clock.instant(),
                                clock.instant(),
                                "SUCCEEDED",
                                Optional.empty(),
                                List.of()));
        return after.instance();
    }

    /**
     * Raises an instance's epoch for the operation's next owner.
     *
     * @return the epoch; empty if the instance is gone
     */
    public Optional<Long> raiseEpoch(Transaction tx, InstanceId id) {
        return state.instances().get(tx, id.toString()).map(entry -> {
            InstanceRow raised = entry.value().with(entry.value().instance().updatedAt(), InstanceRow.Edit::raise);
            state.instances().update(tx, entry, raised);
            return raised.epoch();
        });
    }
}
