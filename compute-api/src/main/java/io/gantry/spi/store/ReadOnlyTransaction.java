package io.gantry.spi.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Passes on what reads, and refuses what changes. */
record ReadOnlyTransaction(Transaction tx) implements Transaction {
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
        throw refused("insert", table, key);
    }

    @Override
    public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
        throw refused("update", row.table(), row.key());
    }

    @Override
    public void delete(StoredRow row) {
        throw refused("delete", row.table(), row.key());
    }

    @Override
    public Instant now() {
        return tx.now();
    }

    private static IllegalStateException refused(String verb, String table, String key) {
        return new IllegalStateException("Cannot " + verb + " " + table + " " + key + " in a transaction that reads");
    }
}
