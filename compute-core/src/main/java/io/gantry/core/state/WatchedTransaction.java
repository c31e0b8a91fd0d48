package io.gantry.core.state;

import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A transaction that remembers what it changed in some tables. */
final class WatchedTransaction implements Transaction {
    private final Transaction tx;
    private final Set<String> watched;
    private final List<RowChange> changes = new ArrayList<>();

    WatchedTransaction(Transaction tx, Set<String> watched) {
        this.tx = tx;
        this.watched = watched;
    }

    /** {@return what was changed in the watched tables, in order} */
    List<RowChange> changes() {
        return changes;
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
        return changed(tx.insert(table, key, body, attributes));
    }

    @Override
    public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
        return changed(tx.update(row, body, attributes));
    }

    private StoredRow changed(StoredRow row) {
        note(row.table(), row.key(), Optional.of(row));
        return row;
    }

    @Override
    public void delete(StoredRow row) {
        tx.delete(row);
        note(row.table(), row.key(), Optional.empty());
    }

    private void note(String table, String key, Optional<StoredRow> row) {
        if (watched.contains(table)) {
            changes.add(new RowChange(table, key, row));
        }
    }

    @Override
    public Instant now() {
        return tx.now();
    }
}
