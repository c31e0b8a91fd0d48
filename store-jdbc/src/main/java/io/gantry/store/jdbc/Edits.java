package io.gantry.store.jdbc;

import io.gantry.spi.store.StoredRow;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rows as a transaction leaves them, and keys of which it leaves none. */
final class Edits {
    private final SortedMap<String, SortedMap<String, Optional<StoredRow>>> tables = new TreeMap<>();

    /** What is done with each row or key, by table and key. */
    @FunctionalInterface
    interface Visitor {
        void visit(String table, String key, Optional<StoredRow> row) throws SQLException;
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** {@return how a row is left, where that is empty if it is gone; null if it was not touched} */
    @SuppressWarnings("NullableOptional") // untouched and gone are two things
    @Nullable
    Optional<StoredRow> get(String table, String key) {
        Map<String, Optional<StoredRow>> rows = tables.get(table);
        return rows == null ? null : rows.get(key);
    }

    /** Leaves a row, or none. */
    void put(String table, String key, Optional<StoredRow> row) {
        tables.computeIfAbsent(table, name -> new TreeMap<>()).put(key, row);
    }

    /** Adds what was done after these. */
    void add(Edits later) {
        later.tables.forEach((table, rows) -> rows.forEach((key, row) -> put(table, key, row)));
    }

    void forEach(Visitor visitor) throws SQLException {
        for (Map.Entry<String, SortedMap<String, Optional<StoredRow>>> rows : tables.entrySet()) {
            for (Map.Entry<String, Optional<StoredRow>> row : rows.getValue().entrySet()) {
                visitor.visit(rows.getKey(), row.getKey(), row.getValue());
            }
        }
    }

    /** Puts the versions of the rows that are left here over those below. */
    void overVersions(String table, Map<String, Long> below) {
        Map<String, Optional<StoredRow>> rows = tables.get(table);
        if (rows != null) {
            rows.forEach(
                    (key, row) -> row.ifPresentOrElse(left -> below.put(key, left.version()), () -> below.remove(key)));
        }
    }

    /** {@return rows of a table by key: those below that were not touched, and those left here that are asked for} */
    List<StoredRow> over(String table, List<StoredRow> below, Predicate<StoredRow> asked) {
        Map<String, Optional<StoredRow>> rows = tables.get(table);
        if (rows == null) {
            return below;
        }
        SortedMap<String, StoredRow> all = new TreeMap<>();
        below.forEach(row -> all.put(row.key(), row));
        rows.forEach((key, row) -> {
            all.remove(key);
            row.filter(asked).ifPresent(left -> all.put(key, left));
        });
        return List.copyOf(all.values());
    }
}
