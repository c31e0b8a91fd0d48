package io.gantry.core.store;

import io.gantry.error.Conflict;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps state in memory: for tests, and for hosts that can afford to lose it. Transactions run one at a time; what one
 * did is undone if its function throws.
 */
public final class InMemoryStore implements StateStore {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Rows> tables = new HashMap<>();

    private final Clock clock;
    private Instant latest = Instant.MIN;

    private InMemoryStore(Clock clock) {
        this.clock = clock;
    }

    /** {@return a new, empty store with the system's clock} */
    public static InMemoryStore create() {
        return create(Clock.systemUTC());
    }

    /**
     * {@return a new, empty store}
     *
     * @param clock what {@link Transaction#now} reads; where it is set back, time stands until it has caught up
     */
    public static InMemoryStore create(Clock clock) {
        return new InMemoryStore(clock);
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("A transaction is under way in this thread");
        }
        lock.lock();
        try {
            Changes changes = new Changes();
            try {
                return work.apply(changes);
            } catch (RuntimeException | Error e) {
                changes.undo();
                throw e;
            } finally {
                changes.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {}

    /** One table: rows by key, and keys by attribute and value. */
    private static final class Rows {
        private final TreeMap<String, StoredRow> byKey = new TreeMap<>();
        private final Map<String, Map<String, TreeSet<String>>> index = new HashMap<>();

        void put(StoredRow row) {
            StoredRow old = byKey.put(row.key(), row);
            if (old != null && old.attributes().equals(row.attributes())) {
                return;
            }
            if (old != null) {
                old.attributes().forEach((name, value) -> unindex(name, value, row.key()));
            }
            row.attributes()
                    .forEach((name, value) -> index.computeIfAbsent(name, n -> new HashMap<>())
                            .computeIfAbsent(value, v -> new TreeSet<>())
                            .add(row.key()));
        }

        void remove(String key) {
            StoredRow old = byKey.remove(key);
            if (old != null) {
                old.attributes().forEach((name, value) -> unindex(name, value, key));
            }
        }

        private void unindex(String name, String value, String key) {
            Map<String, TreeSet<String>> values = index.getOrDefault(name, Map.of());
            TreeSet<String> keys = values.get(value);
            if (keys != null) {
                keys.remove(key);
                if (keys.isEmpty()) {
                    values.remove(value);
                }
            }
        }

        List<StoredRow> find(String name, String value) {
            return index.getOrDefault(name, Map.of()).getOrDefault(value, new TreeSet<>()).stream()
                    .flatMap(key -> Optional.ofNullable(byKey.get(key)).stream())
                    .toList();
        }
    }

    /** A transaction, with what it takes to undo it. */
    private final class Changes implements Transaction {
        private final Deque<Runnable> undo = new ArrayDeque<>();
        private boolean open = true;

        @Override
        public Optional<StoredRow> get(String table, String key) {
            return Optional.ofNullable(rows(table).byKey.get(key));
        }

        @Override
        public List<StoredRow> scan(String table) {
            return List.copyOf(rows(table).byKey.values());
        }

        @Override
        public List<StoredRow> find(String table, String attribute, String value) {
            return rows(table).find(attribute, value);
        }

        @Override
        public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
            Rows rows = rows(table);
            if (rows.byKey.containsKey(key)) {
                throw new Conflict(new ResourceRef(table, key), table + " " + key + " exists", "Choose another key");
            }
            StoredRow row = new StoredRow(table, key, 1, body, attributes);
            rows.put(row);
            undo.push(() -> rows.remove(key));
            return row;
        }

        @Override
        public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
            Rows rows = rows(row.table());
            StoredRow old = current(rows, row);
            StoredRow changed = new StoredRow(row.table(), row.key(), old.version() + 1, body, attributes);
            rows.put(changed);
            undo.push(() -> rows.put(old));
            return changed;
        }

        @Override
        public void delete(StoredRow row) {
            Rows rows = rows(row.table());
            StoredRow old = current(rows, row);
            rows.remove(row.key());
            undo.push(() -> rows.put(old));
        }

        @Override
        public Instant now() {
            requireOpen();
            Instant read = clock.instant();
            latest = read.isBefore(latest) ? latest : read;
            return latest;
        }

        private StoredRow current(Rows rows, StoredRow row) {
            StoredRow current = rows.byKey.get(row.key());
            if (current == null || current.version() != row.version()) {
                throw new StaleRow(row.table(), row.key());
            }
            return current;
        }

        private Rows rows(String table) {
            requireOpen();
            return tables.computeIfAbsent(table, name -> new Rows());
        }

        private void requireOpen() {
            if (!open || !lock.isHeldByCurrentThread()) {
                throw new IllegalStateException("The transaction has ended, or belongs to another thread");
            }
        }

        void undo() {
            undo.forEach(Runnable::run);
        }

        void close() {
            open = false;
        }
    }
}
