package io.gantry.tck;

import io.gantry.error.Conflict;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An optimistic store: a transaction works on a copy of all rows, and takes effect if nothing has changed meanwhile. Can
 * be given the faults that real stores have.
 */
final class MapStore implements StateStore {
    /** What may be wrong with a store. */
    enum Fault {
        /** The last commit wins: what it read may be old. */
        LOST_UPDATES,
        /** Only rows that were written are looked at when a transaction ends. */
        WRITE_SKEW,
        /** Each read sees what is committed by then. */
        READ_COMMITTED,
        /** What a failed transaction did stays. */
        NO_ROLLBACK,
        /** A row's version is not looked at. */
        BLIND_UPDATE,
        /** The version stays as it is. */
        NO_VERSIONS,
        /** A transaction finds rows by attributes that they had before it began. */
        OLD_INDEX,
        /** Attributes of a row stay when the row loses them. */
        ATTRIBUTES_STAY,
        /** Rows come in an order of their own. */
        ANY_ORDER,
        /** Inserting over a row replaces it. */
        INSERT_REPLACES,
        /** Values are compared as patterns. */
        PATTERNS
    }

    private final Set<Fault> faults;
    private final Object lock = new Object();
    private Map<String, StoredRow> rows = new TreeMap<>();

    MapStore(Fault... faults) {
        this.faults = EnumSet.noneOf(Fault.class);
        this.faults.addAll(List.of(faults));
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        Map<String, StoredRow> before;
        synchronized (lock) {
            before = rows;
        }
        Work tx = new Work(before);
        try {
            T result = work.apply(tx);
            commit(before, tx);
            return result;
        } catch (RuntimeException | AssertionError e) {
            if (has(Fault.NO_ROLLBACK)) {
                commit(before, tx);
            }
            throw e;
        } finally {
            tx.open = false;
        }
    }

    private void commit(Map<String, StoredRow> before, Work tx) {
        synchronized (lock) {
            if (tx.written.isEmpty() && (has(Fault.WRITE_SKEW) || has(Fault.READ_COMMITTED))) {
                return;
            }
            if (rows != before && !has(Fault.LOST_UPDATES)) {
                boolean skew = has(Fault.WRITE_SKEW);
                for (String key : tx.written) {
                    if (!skew || !Objects.equals(rows.get(key), before.get(key))) {
                        throw new StaleRow("t", key);
                    }
                }
            }
            if (!tx.written.isEmpty()) {
                Map<String, StoredRow> after = new TreeMap<>(rows);
                for (String key : tx.written) {
                    StoredRow row = tx.view.get(key);
                    if (row == null) {
                        after.remove(key);
                    } else {
                        after.put(key, row);
                    }
                }
                rows = after;
            }
        }
    }

    private boolean has(Fault fault) {
        return faults.contains(fault);
    }

    @Override
    public void close() {}

    private final class Work implements Transaction {
        private final Map<String, StoredRow> before;
        private final Map<String, StoredRow> view;
        private final Set<String> written = new TreeSet<>();
        private boolean open = true;

        Work(Map<String, StoredRow> before) {
            this.before = before;
            this.view = new TreeMap<>(before);
        }

        private String id(String table, String key) {
            if (!open) {
                throw new IllegalStateException("the transaction has ended");
            }
            return table + "\0" + key;
        }

        @Override
        public Optional<StoredRow> get(String table, String key) {
            if (has(Fault.READ_COMMITTED) && !written.contains(id(table, key))) {
                return Optional.ofNullable(committed().get(id(table, key)));
            }
            return Optional.ofNullable(view.get(id(table, key)));
        }

        @Override
        public List<StoredRow> scan(String table) {
            List<StoredRow> found = new ArrayList<>(view.values().stream()
                    .filter(row -> row.table().equals(table))
                    .toList());
            if (has(Fault.ANY_ORDER)) {
                found.sort(Comparator.comparing(row -> row.key().hashCode() % 7));
            }
            return found;
        }

        @Override
        public List<StoredRow> find(String table, String attribute, String value) {
            Map<String, StoredRow> index = has(Fault.OLD_INDEX) ? before : view;
            String sought = id(attribute, value);
            return index.values().stream()
                    .filter(row -> row.table().equals(table))
                    .filter(row -> row.attributes().entrySet().stream()
                            .anyMatch(a -> id(a.getKey(), a.getValue()).equals(sought)
                                    || (has(Fault.PATTERNS) && value.contains("_"))))
                    .toList();
        }

        @Override
        public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
            if (view.containsKey(id(table, key)) && !has(Fault.INSERT_REPLACES)) {
                throw new Conflict(new ResourceRef(table, key), "it exists", "Choose another key");
            }
            return put(new StoredRow(table, key, 1, body, attributes));
        }

        @Override
        public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
            requireCurrent(row);
            Map<String, String> all = new TreeMap<>(attributes);
            if (has(Fault.ATTRIBUTES_STAY)) {
                row.attributes().forEach(all::putIfAbsent);
            }
            long version = row.version() + (has(Fault.NO_VERSIONS) ? 0 : 1);
            return put(new StoredRow(row.table(), row.key(), version, body, all));
        }

        @Override
        public void delete(StoredRow row) {
            requireCurrent(row);
            String id = id(row.table(), row.key());
            view.remove(id);
            written.add(id);
        }

        private Map<String, StoredRow> committed() {
            synchronized (lock) {
                return rows;
            }
        }

        private StoredRow put(StoredRow row) {
            String id = id(row.table(), row.key());
            view.put(id, row);
            written.add(id);
            return row;
        }

        private void requireCurrent(StoredRow row) {
            StoredRow current = view.get(id(row.table(), row.key()));
            if (!has(Fault.BLIND_UPDATE) && (current == null || current.version() != row.version())) {
                throw new StaleRow(row.table(), row.key());
            }
        }
    }
}
