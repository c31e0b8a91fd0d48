package io.gantry.store.jdbc;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One caller's transaction, in a unit that may be others' too: it sees what the unit has accepted before, and its own
 * changes are accepted as a whole or dropped.
 */
final class JdbcTransaction implements Transaction {
    /** Reads the store's clock. */
    @FunctionalInterface
    interface StoreClock {
        Instant read(Session session) throws SQLException;
    }

    private final Unit unit;
    private final Failures failures;
    private final StoreClock clock;
    private final boolean readOnly;
    private final Edits edits = new Edits();
    private final Thread owner = Thread.currentThread();
    private boolean open = true;
    private String lastTable = "transaction";
    private String lastKey = "begin";

    JdbcTransaction(Unit unit, Failures failures, StoreClock clock, boolean readOnly) {
        this.unit = unit;
        this.failures = failures;
        this.clock = clock;
        this.readOnly = readOnly;
    }

    @Override
    public Optional<StoredRow> get(String table, String key) {
        begin(table, key);
        return row(table, key);
    }

    private Optional<StoredRow> row(String table, String key) {
        Optional<StoredRow> row = edits.get(table, key);
        if (row == null) {
            row = unit.edits().get(table, key);
        }
        return row == null ? attempt(() -> unit.snapshot().get(table, key)) : row;
    }

    @Override
    public List<StoredRow> scan(String table) {
        begin(table, "*");
        List<StoredRow> stored = attempt(() -> unit.snapshot().scan(table));
        return edits.over(table, unit.edits().over(table, stored, row -> true), row -> true);
    }

    @Override
    public Map<String, Long> versions(String table) {
        begin(table, "*");
        Map<String, Long> stored = new HashMap<>(attempt(() -> unit.snapshot().versions(table)));
        unit.edits().overVersions(table, stored);
        edits.overVersions(table, stored);
        return stored;
    }

    @Override
    public List<StoredRow> find(String table, String attribute, String value) {
        begin(table, "*");
        List<StoredRow> stored = attempt(() -> unit.snapshot().find(table, attribute, value));
        return edits.over(
                table,
                unit.edits().over(table, stored, row -> has(row, attribute, value)),
                row -> has(row, attribute, value));
    }

    private static boolean has(StoredRow row, String attribute, String value) {
        return value.equals(row.attributes().get(attribute));
    }

    @Override
    public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
        beginChange("insert", table, key);
        Limits.check(table, key);
        Limits.check(body, attributes);
        if (row(table, key).isPresent()) {
            throw new Conflict(new ResourceRef(table, key), table + " " + key + " exists", "Choose another key");
        }
        return left(new StoredRow(table, key, 1, body, attributes));
    }

    @Override
    public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
        beginChange("update", row.table(), row.key());
        Limits.check(body, attributes);
        requireCurrent(row);
        return left(new StoredRow(row.table(), row.key(), row.version() + 1, body, attributes));
    }

    private StoredRow left(StoredRow row) {
        edits.put(row.table(), row.key(), Optional.of(row));
        return row;
    }

    @Override
    public void delete(StoredRow row) {
        beginChange("delete", row.table(), row.key());
        requireCurrent(row);
        edits.put(row.table(), row.key(), Optional.empty());
    }

    private void requireCurrent(StoredRow row) {
        if (row(row.table(), row.key())
                .filter(current -> current.version() == row.version())
                .isEmpty()) {
            throw new StaleRow(row.table(), row.key());
        }
    }

    @Override
    public Instant now() {
        begin("clock", "now");
        return attempt(() -> clock.read(unit.session()));
    }

    /** Leaves its changes to the unit. */
    void accept() {
        unit.edits().add(edits);
    }

    /** {@return whether it holds changes} */
    boolean changed() {
        return !edits.isEmpty();
    }

    /** {@return what the failure of a statement means to it} */
    ComputeException meaning(SQLException e) {
        return failures.of(e, lastTable, lastKey);
    }

    /** {@return what the failure of the commit means to it} */
    ComputeException meaningOfCommit(SQLException e) {
        return failures.ofCommit(e, changed(), lastTable, lastKey);
    }

    /** Makes it useless to whoever kept it. */
    void end() {
        open = false;
    }

    private void begin(String table, String key) {
        if (!open || Thread.currentThread() != owner) {
            throw new IllegalStateException("The transaction has ended, or belongs to another thread");
        }
        SQLException failed = unit.failure();
        if (failed != null) {
            throw meaning(failed);
        }
        lastTable = table;
        lastKey = key;
    }

    private void beginChange(String verb, String table, String key) {
        begin(table, key);
        if (readOnly) {
            throw new IllegalStateException(
                    "Cannot " + verb + " " + table + " " + key + " in a transaction that reads");
        }
    }

    private <T> T attempt(Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (SQLException e) {
            unit.fail(e);
            throw meaning(e);
        }
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws SQLException;
    }
}
