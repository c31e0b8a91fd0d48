package io.gantry.store.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A transaction of the database: what it sees there, and what it is to change there, of which it is told at the end. */
final class Unit {
    private final Session session;
    private final Snapshot snapshot;
    private final Edits edits = new Edits();
    private @Nullable SQLException failure;

    Unit(Session session) {
        this(session, false);
    }

    /**
     * Creates a unit.
     *
     * @param marking see {@link Snapshot}
     */
    Unit(Session session, boolean marking) {
        this.session = session;
        this.snapshot = new Snapshot(session, marking);
    }

    Session session() {
        return session;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Edits edits() {
        return edits;
    }

    /** {@return the statement that failed; the database may have dropped the transaction then, whoever caught it} */
    @Nullable
    SQLException failure() {
        return failure;
    }

    void fail(SQLException e) {
        failure = e;
    }

    /** {@return what is to change} */
    Writes writes() throws SQLException {
        Writes writes = new Writes();
        edits.forEach((table, key, after) -> writes.add(table, key, snapshot.get(table, key), after));
        return writes;
    }
}
