package io.gantry.store.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction has read on PostgreSQL, in a form that can be compared with what is there later. A row is as it was if
 * the same transaction wrote it last; versions alone do not tell, since they begin anew when a row is removed and added
 * again. A search, or a table, is as it was if each row that it found is, and it finds as many.
 */
final class Reads {
    private final List<String> tables = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<String> marks = new ArrayList<>();
    private final List<String> searched = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final List<Long> found = new ArrayList<>();
    private final List<String> scanned = new ArrayList<>();
    private final List<Long> counted = new ArrayList<>();

    /**
     * Adds a row.
     *
     * @param mark of whom it was written; empty if there is none
     */
    void row(String table, String key, String mark) {
        // Nothing has such a key or table, then or later.
        if (table.indexOf('\0') < 0 && key.indexOf('\0') < 0) {
            tables.add(table);
            keys.add(key);
            marks.add(mark);
        }
    }

    /**
     * Adds a search, or the reading of a table.
     *
     * @param name the table, and, of a search, the attribute's name and value
     * @param size how many rows there were
     */
    void list(List<String> name, int size) {
        if (name.stream().anyMatch(part -> part.indexOf('\0') >= 0)) {
            return;
        }
        if (name.size() == 1) {
            scanned.add(name.get(0));
            counted.add((long) size);
        } else {
            searched.add(name.get(0));
            names.add(name.get(1));
            values.add(name.get(2));
            found.add((long) size);
        }
    }

    /** {@return the parameters of the comparison, in their order} */
    List<Array> arrays(Connection connection) throws SQLException {
        List<Array> arrays = new ArrayList<>();
        for (List<String> texts : List.of(tables, keys, marks, searched, names, values)) {
            arrays.add(connection.createArrayOf("text", texts.toArray()));
        }
        arrays.add(connection.createArrayOf("bigint", found.toArray()));
        arrays.add(connection.createArrayOf("text", scanned.toArray()));
        arrays.add(connection.createArrayOf("bigint", counted.toArray()));
        return arrays;
    }
}
