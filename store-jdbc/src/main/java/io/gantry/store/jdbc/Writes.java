package io.gantry.store.jdbc;

import io.gantry.spi.store.StoredRow;
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

    private final List<List<Object>> deleted = new ArrayList<>();
    private final List<List<Object>> updated = new ArrayList<>();
    private final List<List<Object>> inserted = new ArrayList<>();
    private final List<List<Object>> oldAttributes = new ArrayList<>();
    private final List<List<Object>> newAttributes = new ArrayList<>();

    /** Adds what makes a row, or none, of what the database holds. */
    void add(String table, String key, Optional<StoredRow> before, Optional<StoredRow> after) {
        if (before.isPresent() && after.isPresent()) {
            StoredRow row = after.get();
            long version = before.get().version();
            updated.add(List.of(row.version(), row.body(), table, key, version));
        } else if (before.isPresent()) {
            deleted.add(List.of(table, key, before.get().version()));
        } else if (after.isPresent()) {
            StoredRow row = after.get();
            inserted.add(List.of(table, key, row.version(), row.body()));
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
            if (!value.equals(after.get(name))) {
                oldAttributes.add(List.of(table, key, name));
            }
        });
        new TreeMap<>(after).forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                newAttributes.add(List.of(table, key, name, value));
            }
        });
    }

    /** Runs the statements. */
    void run(Session session) throws SQLException {
        run(session, Sql.DELETE, deleted);
        run(session, Sql.UPDATE, updated);
        run(session, Sql.INSERT, inserted);
        run(session, Sql.DELETE_ATTRIBUTE, oldAttributes);
        run(session, Sql.INSERT_ATTRIBUTE, newAttributes);
    }

    /** Each run changes one row, unless somebody else was there first. */
    private static void run(Session session, String sql, List<List<Object>> runs) throws SQLException {
        int[] changed = session.batch(sql, runs);
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] == 0) {
                throw new SQLException("Another transaction changed " + runs.get(i), SERIALIZATION_FAILURE);
            }
        }
    }
}
