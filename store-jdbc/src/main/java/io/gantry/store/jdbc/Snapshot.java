package io.gantry.store.jdbc;

import io.gantry.spi.store.StoredRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the database holds, as one transaction of its sees it. That does not change while the transaction lasts, so each
 * row and list is read once.
 */
final class Snapshot {
    private final Session session;
    private final boolean marking;
    private final Map<List<String>, String> marks = new HashMap<>();
    private final Map<List<String>, Optional<StoredRow>> rows = new HashMap<>();
    private final Map<List<String>, List<StoredRow>> lists = new HashMap<>();

    /**
     * Creates a snapshot.
     *
     * @param marking whether it takes note of which transaction wrote each row, so that it can be told later whether
     *     what was read still holds
     */
    Snapshot(Session session, boolean marking) {
        this.session = session;
        this.marking = marking;
    }

    /** {@return what was read} */
    Reads reads() {
        Reads reads = new Reads();
        rows.forEach((name, row) -> reads.row(name.get(0), name.get(1), marks.getOrDefault(name, "")));
        lists.forEach((name, list) -> reads.list(name, list.size()));
        return reads;
    }

    Optional<StoredRow> get(String table, String key) throws SQLException {
        List<String> name = List.of(table, key);
        Optional<StoredRow> row = rows.get(name);
        if (row == null) {
            row = query(table, Sql.GET, table, key, table, key).stream().findFirst();
            rows.put(name, row);
        }
        return row;
    }

    List<StoredRow> scan(String table) throws SQLException {
        return list(List.of(table), table, Sql.SCAN, table, table);
    }

    /** Not kept: whoever asks for versions keeps a copy of the table, and reads the few rows that changed. */
    Map<String, Long> versions(String table) throws SQLException {
        if (table.indexOf('\0') >= 0) {
            return Map.of();
        }
        if (marking) {
            return scan(table).stream().collect(Collectors.toMap(StoredRow::key, StoredRow::version));
        }
        return session.query(
                Sql.VERSIONS,
                results -> {
                    Map<String, Long> versions = new HashMap<>();
                    while (results.next()) {
                        versions.put(results.getString(1), results.getLong(2));
                    }
                    return versions;
                },
                table);
    }

    List<StoredRow> find(String table, String attribute, String value) throws SQLException {
        List<String> name = List.of(table, attribute, value);
        return list(name, table, Sql.FIND, table, attribute, value, table, attribute, value);
    }

    private List<StoredRow> list(List<String> name, String table, String sql, String... parameters)
            throws SQLException {
        List<StoredRow> list = lists.get(name);
        if (list == null) {
            list = query(table, sql, parameters);
            list.forEach(row -> rows.put(List.of(table, row.key()), Optional.of(row)));
            lists.put(name, list);
        }
        return list;
    }

    private List<StoredRow> query(String table, String sql, String... parameters) throws SQLException {
        for (String parameter : parameters) {
            if (parameter.indexOf('\0') >= 0) {
                return List.of();
            }
        }
        return session.query(marking ? Sql.marked(sql) : sql, results -> rows(table, results), (Object[]) parameters);
    }

    private List<StoredRow> rows(String table, ResultSet results) throws SQLException {
        // Sorted here: a database's order of texts is that of its locale, or of UTF-8.
        TreeMap<String, Body> bodies = new TreeMap<>();
        Map<String, Map<String, String>> attributes = new HashMap<>();
        while (results.next()) {
            String key = results.getString(1);
            String name = results.getString(4);
            if (name == null) {
                bodies.put(key, new Body(results.getLong(2), results.getString(3)));
                String mark = results.getString(5);
                if (mark != null) {
                    marks.put(List.of(table, key), mark);
                }
            } else {
                attributes.computeIfAbsent(key, k -> new HashMap<>()).put(name, results.getString(5));
            }
        }
        return bodies.entrySet().stream()
                .map(row -> new StoredRow(
                        table,
                        row.getKey(),
                        row.getValue().version,
                        row.getValue().text,
                        attributes.getOrDefault(row.getKey(), Map.of())))
                .toList();
    }

    private record Body(long version, String text) {}
}
