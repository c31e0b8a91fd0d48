package io.gantry.core.operation;

import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.operation.OperationId;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One operation's entry in the journal, for its owner only: who is no longer that is {@link Fenced}. */
final class Journal {
    private final State state;
    private final NodeLease lease;
    private final Clock clock;
    private final OperationId id;
    private final long epoch;

    Journal(State state, NodeLease lease, Clock clock, OperationId id, long epoch) {
        this.state = state;
        this.lease = lease;
        this.clock = clock;
        this.id = id;
        this.epoch = epoch;
    }

    long epoch() {
        return epoch;
    }

    Instant now() {
        return clock.instant();
    }

    /** Writes the entry. */
    OperationRow write(UnaryOperator<OperationRow> change) {
        return this.<OperationRow>transact((tx, entry) -> {
            OperationRow after = change.apply(entry.value());
            state.operations().update(tx, entry, after);
            return after;
        });
    }

    /** Runs a function in a transaction that the operation's owner alone may have. */
    <T extends @Nullable Object> T transact(BiFunction<Transaction, Table.Entry<OperationRow>, T> work) {
        return state.transact(tx -> work.apply(tx, own(tx)));
    }

    private Table.Entry<OperationRow> own(Transaction tx) {
        Optional<Table.Entry<OperationRow>> entry = state.operations().get(tx, id.toString());
        if (entry.isEmpty()) {
            throw new Fenced(id, "the journal no longer has it");
        }
        OperationRow row = entry.get().value();
        if (!row.owner().equals(lease.id())
                || row.epoch() != epoch
                || row.status().ended()) {
            throw new Fenced(
                    id,
                    "it is " + row.status() + " with epoch " + row.epoch() + " on node " + row.owner() + ", not "
                            + epoch + " on " + lease.id());
        }
        return entry.get();
    }

    /** Refuses to act when another node may be acting already. */
    void checkLease() {
        if (!lease.holds()) {
            throw new Fenced(id, "the lease of node " + lease.id() + " has run out");
        }
    }

    void update(Transaction tx, Table.Entry<OperationRow> entry, OperationRow after) {
        state.operations().update(tx, entry, after);
    }
}
