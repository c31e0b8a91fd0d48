package io.gantry.core.placement;

import io.gantry.core.state.Table;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A table's rows in memory. Between two comparisons with the store it is told of changes, maybe in another order than they
 * were made in: the higher version counts. A comparison puts right what that leaves wrong, such as a row that was removed and
 * added again, whose versions begin anew. For one thread at a time.
 */
final class TableCopy<R> {
    private final Table<?> table;
    private final Function<StoredRow, Optional<R>> reader;
    private final Map<String, Known<R>> rows = new HashMap<>();

    private record Known<R>(long version, R value) {}

    TableCopy(Table<R> table) {
        this(table, table::value);
    }

    /**
     * Creates a copy of a part of each row.
     *
     * @param reader reads it; empty for a row that is to be left out
     */
    TableCopy(Table<?> table, Function<StoredRow, Optional<R>> reader) {
        this.table = table;
        this.reader = reader;
    }

    Optional<R> get(String key) {
        Known<R> known = rows.get(key);
        return known == null ? Optional.empty() : Optional.of(known.value());
    }

    /** {@return the version of a row that is known; 0 for none} */
    long version(String key) {
        Known<R> known = rows.get(key);
        return known == null ? 0 : known.version();
    }

    Collection<R> values() {
        return rows.values().stream().map(Known::value).toList();
    }

    /** Takes note of a change; {@return whether it is news} */
    boolean put(String key, Optional<StoredRow> row) {
        if (row.isEmpty()) {
            return rows.remove(key) != null;
        }
        Known<R> known = rows.get(key);
        if (known != null && known.version() > row.get().version()) {
            return false;
        }
        return set(key, row.get());
    }

    private boolean set(String key, StoredRow row) {
        Optional<R> value = reader.apply(row);
        if (value.isEmpty()) {
            return rows.remove(key) != null;
        }
        rows.put(key, new Known<>(row.version(), value.get()));
        return true;
    }

    /**
     * Reads what the store has in another version.
     *
     * @param tx sees all changes that were told of before
     * @return the keys of what changed
     */
    Set<String> compare(Transaction tx) {
        Map<String, Long> stored = table.versions(tx);
        Set<String> changed = new HashSet<>();
        for (String gone : List.copyOf(rows.keySet())) {
            if (!stored.containsKey(gone)) {
                rows.remove(gone);
                changed.add(gone);
            }
        }
        List<String> stale = stored.entrySet().stream()
                .filter(entry -> isStale(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (stale.size() > stored.size() / 4) {
            table.rows(tx).forEach(row -> take(row, changed));
        } else {
            stale.forEach(key -> table.row(tx, key).ifPresent(row -> take(row, changed)));
        }
        return changed;
    }

    private void take(StoredRow row, Set<String> changed) {
        if (isStale(row.key(), row.version()) && set(row.key(), row)) {
            changed.add(row.key());
        }
    }

    private boolean isStale(String key, long version) {
        Known<R> known = rows.get(key);
        return known == null || known.version() != version;
    }
}
