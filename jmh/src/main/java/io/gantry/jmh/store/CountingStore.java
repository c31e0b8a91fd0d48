package io.gantry.jmh.store;

import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts the transactions of a store that changed something and were committed: each of them waits for the disk. */
final class CountingStore implements StateStore {
    private final StateStore store;
    private final LongAdder writes = new LongAdder();

    CountingStore(StateStore store) {
        this.store = store;
    }

    long writes() {
        return writes.sum();
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        boolean[] changed = new boolean[1];
        T result = store.transact(tx -> {
            Noting noting = new Noting(tx);
            T yielded = work.apply(noting);
            changed[0] = noting.changed;
            return yielded;
        });
        if (changed[0]) {
            writes.increment();
        }
        return result;
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return store.read(work);
    }

    @Override
    public boolean shared() {
        return store.shared();
    }

    @Override
    public void close() {
        store.close();
    }

    private static final class Noting implements Transaction {
        private final Transaction tx;
        private boolean changed;

        Noting(Transaction tx) {
            this.tx = tx;
        }

        @Override
        public Optional<StoredRow> get(String table, String key) {
            return tx.get(table, key);
        }

        @Override
        public List<StoredRow> scan(String table) {
            return tx.scan(table);
        }

        @Override
        public List<StoredRow> find(String table, String attribute, String value) {
            return tx.find(table, attribute, value);
        }

        @Override
        public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
            changed = true;
            return tx.insert(table, key, body, attributes);
        }

        @Override
        public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
            changed = true;
            return tx.update(row, body, attributes);
        }

        @Override
        public void delete(StoredRow row) {
            changed = true;
            tx.delete(row);
        }

        @Override
        public Instant now() {
            return tx.now();
        }
    }
}
