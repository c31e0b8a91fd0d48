package io.gantry.store.jdbc;

import io.gantry.spi.store.StoredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The statements that change rows, few for many rows. All transactions add rows by table and key, and change attributes by
 * name: no two wait for each other in a ring.
 */
final class Writes {
    private static final String SERIALIZATION_FAILURE = "40001";

    private final Runs deleted = new Runs(Sql.DELETE, "text", "text", "bigint");
    private final Runs updated = new Runs(Sql.UPDATE, "bigint", "text", "text", "text", "bigint");
    private final Runs inserted = new Runs(Sql.INSERT, "text", "text", "bigint", "text");
    private final Runs goneAttributes = new Runs(Sql.DELETE_ATTRIBUTE, "text", "text", "text");
    private final Runs changedAttributes = new Runs(Sql.UPDATE_ATTRIBUTE, "text", "text", "text", "text");
    private final Runs addedAttributes = new Runs(Sql.INSERT_ATTRIBUTE, "text", "text", "text", "text");
    private final List<Runs> all =
            List.of(deleted, updated, inserted, goneAttributes, changedAttributes, addedAttributes);

    /**
     * One statement and the parameters of its runs.
     *
     * @param types of the parameters, as PostgreSQL names them
     */
    private record Runs(String sql, List<String> types, List<List<Object>> parameters) {
        Runs(String sql, String... types) {
            this(sql, List.of(types), new ArrayList<>());
        }

        void add(Object... values) {
            parameters.add(List.of(values));
        }
    }

    /** Adds what makes a row, or none, of what the database holds. */
    void add(String table, String key, Optional<StoredRow> before, Optional<StoredRow> after) {
        if (before.isPresent() && after.isPresent()) {
            StoredRow row = after.get();
            updated.add(row.version(), row.body(), table, key, before.get().version());
        } else if (before.isPresent()) {
            deleted.add(table, key, before.get().version());
        } else if (after.isPresent()) {
            inserted.add(table, key, after.get().version(), after.get().body());
        }
        attributes(
                table,
                key,
                before.map(StoredRow::attributes).orElse(Map.of()),
                after.map(StoredRow::attributes).orElse(Map.of()));
    }

    private void attributes(String table, String key, Map<String, String> before, Map<String, String> after) {
        if (before.equals(after)) {
            return;
        }
        new TreeMap<>(before).forEach((name, value) -> {
            if (!after.containsKey(name)) {
                goneAttributes.add(table, key, name);
            }
        });
        new TreeMap<>(after).forEach((name, value) -> {
            if (!before.containsKey(name)) {
                addedAttributes.add(table, key, name, value);
            } else if (!value.equals(before.get(name))) {
                changedAttributes.add(value, table, key, name);
            }
        });
    }

    /** Runs the statements one after the other. */
    void run(Session session) throws SQLException {
        for (Runs runs : all) {
            int changed = 0;
            for (int count : session.batch(runs.sql, runs.parameters)) {
                changed += count;
            }
            require(runs.parameters.size(), changed);
        }
    }

    /** {@return whether nothing is to change} */
    boolean isEmpty() {
        return all.stream().allMatch(runs -> runs.parameters.isEmpty());
    }

    /** Runs the statements on PostgreSQL, with one message, if what was read still holds. */
    void runTogether(Session session, Reads reads) throws SQLException {
        List<Object> arrays = new ArrayList<>();
        long rows = 0;
        for (Runs runs : all) {
            for (int column = 0; column < runs.types.size(); column++) {
                arrays.add(array(session.connection(), runs, column));
            }
            rows += runs.parameters.size();
        }
        arrays.addAll(reads.arrays(session.connection()));
        long[] answer = session.query(
                Sql.ALL_CHANGES,
                result -> {
                    result.next();
                    return new long[] {result.getLong(1), result.getLong(2)};
                },
                arrays.toArray());
        if (answer[1] != 0) {
            throw new SQLException(answer[1] + " of what was read has changed", SERIALIZATION_FAILURE);
        }
        require(rows, answer[0]);
    }

    private static Object array(Connection connection, Runs runs, int column) throws SQLException {
        Object[] values = runs.parameters.stream().map(run -> run.get(column)).toArray();
        return connection.createArrayOf(runs.types.get(column), values);
    }

    /** Each run changes one row, unless somebody else was there first. */
    private static void require(long rows, long changed) throws SQLException {
        if (changed != rows) {
            throw new SQLException(
                    "Of " + rows + " rows " + changed + " were still as they were read", SERIALIZATION_FAILURE);
        }
    }
}
