package io.gantry.jmh.store;

import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Passes every call on to a transaction, for those who take note of some of them. */
public abstract class PassingTransaction implements Transaction {
    private final Transaction tx;

    /** Creates a transaction on top of another one. */
    protected PassingTransaction(Transaction tx) {
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
    public Map<String, Long> versions(String table) {
        return tx.versions(table);
    }

    @Override
    public List<StoredRow> find(String table, String attribute, String value) {
        return tx.find(table, attribute, value);
    }

    @Override
    public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
        return tx.insert(table, key, body, attributes);
    }

    @Override
    public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
        return tx.update(row, body, attributes);
    }

    @Override
    public void delete(StoredRow row) {
        tx.delete(row);
    }

    @Override
    public Instant now() {
        return tx.now();
    }
}
