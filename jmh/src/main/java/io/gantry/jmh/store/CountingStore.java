package io.gantry.jmh.store;

import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.Map;
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

    private static final class Noting extends PassingTransaction {
        private boolean changed;

        Noting(Transaction tx) {
            super(tx);
        }

        @Override
        public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
            changed = true;
            return super.insert(table, key, body, attributes);
        }

        @Override
        public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
            changed = true;
            return super.update(row, body, attributes);
        }

        @Override
        public void delete(StoredRow row) {
            changed = true;
            super.delete(row);
        }
    }
}
