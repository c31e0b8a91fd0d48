package io.gantry.core.lifecycle;

import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.util.function.UnaryOperator;

/** Reads and changes instances within a transaction. */
public final class InstanceRows {
    private final State state;
    private final Clock clock;

    /**
     * Creates access to the instances.
     *
     * @param state the tables
     * @param clock tells the time
     */
    public InstanceRows(State state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    /**
     * {@return an instance's row}
     *
     * @throws NotFound if there is none
     */
    public Table.Entry<InstanceRow> get(Transaction tx, InstanceId id) {
        return state.instances()
                .get(tx, id.toString())
                .orElseThrow(() -> new NotFound(id.ref(), "List the instances with compute.instances().list()"));
    }

    /**
     * Takes an instance's task for a verb.
     *
     * @return the instance as it was before
     * @throws NotFound if there is none
     * @throws Conflict if an operation has its task
     * @throws InvalidState if the verb is not possible from its state
     */
    public Instance take(Transaction tx, InstanceId id, Verb verb, OperationId operation) {
        Table.Entry<InstanceRow> entry = get(tx, id);
        InstanceRow row = entry.value();
        Instance before = row.instance();
        row.operation().ifPresent(holder -> {
            throw new Conflict(
                    id.ref(),
                    "Cannot " + verb.word() + " " + id.ref() + " while operation " + holder + " is at work on it ("
                            + before.task().map(Enum::name).orElse("no task") + ")",
                    "Await or cancel operation " + holder + ", then try again");
        });
        if (!verb.from().contains(before.state())) {
            throw new InvalidState(
                    id.ref(),
                    verb.word(),
                    before.state().name(),
                    verb.from().stream().map(VmState::name).sorted().toList());
        }
        state.instances().update(tx, entry, row.withTask(verb.task(), operation, clock.instant()));
        return before;
    }

    /** Changes an instance's row. */
    public Instance change(Transaction tx, InstanceId id, UnaryOperator<InstanceRow> change) {
        Table.Entry<InstanceRow> entry = get(tx, id);
        InstanceRow after = change.apply(entry.value());
        state.instances().update(tx, entry, after);
        return after.instance();
    }
}
