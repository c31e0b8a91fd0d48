package io.gantry.core.state;

import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Typed access to one table of a state store.
 *
 * @param <R> what a row holds
 */
public final class Table<R> {
    private final String name;
    private final Class<R> type;
    private final Json json;
    private final Function<R, String> key;
    private final Function<R, Map<String, String>> attributes;

    Table(String name, Class<R> type, Json json, Function<R, String> key, Function<R, Map<String, String>> attributes) {
        this.name = name;
        this.type = type;
        this.json = json;
        this.key = key;
        this.attributes = attributes;
    }

    /**
     * A row as it was read.
     *
     * @param row the stored row
     * @param value what it holds
     * @param <R> its type
     */
    public record Entry<R>(StoredRow row, R value) {}

    /** {@return a row; empty if there is none} */
    public Optional<Entry<R>> get(Transaction tx, String rowKey) {
        return tx.get(name, rowKey).map(this::entry);
    }

    /** {@return all rows, by key} */
    public List<Entry<R>> all(Transaction tx) {
        return tx.scan(name).stream().map(this::entry).toList();
    }

    /** {@return the rows with this value of an attribute, by key} */
    public List<Entry<R>> find(Transaction tx, String attribute, String value) {
        return tx.find(name, attribute, value).stream().map(this::entry).toList();
    }

    /** Adds a row. */
    public Entry<R> insert(Transaction tx, R value) {
        return new Entry<>(tx.insert(name, key.apply(value), json.write(value), attributes.apply(value)), value);
    }

    /** Replaces a row. */
    public Entry<R> update(Transaction tx, Entry<R> entry, R value) {
        return new Entry<>(tx.update(entry.row(), json.write(value), attributes.apply(value)), value);
    }

    /** Removes a row. */
    public void delete(Transaction tx, Entry<R> entry) {
        tx.delete(entry.row());
    }

    private Entry<R> entry(StoredRow row) {
        return new Entry<>(row, json.read(row.body(), type));
    }
}
