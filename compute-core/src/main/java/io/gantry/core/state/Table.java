package io.gantry.core.state;

import io.gantry.error.ResourceRef;
import io.gantry.error.UnexpectedFailure;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Typed access to one table of a state store.
 *
 * @param <R> what a row holds
 */
public final class Table<R> {
    private static final Logger LOG = LoggerFactory.getLogger(Table.class);

    private final String name;
    private final Class<R> type;
    private final Json json;
    private final Function<R, String> key;
    private final Function<R, Map<String, String>> attributes;
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

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

    /** {@return whether there is a row, readable or not} */
    public boolean exists(Transaction tx, String rowKey) {
        return tx.get(name, rowKey).isPresent();
    }

    /** {@return all rows, by key} */
    public List<Entry<R>> all(Transaction tx) {
        return tx.scan(name).stream().map(this::entry).toList();
    }

    /** {@return the rows with this value of an attribute, by key} */
    public List<Entry<R>> find(Transaction tx, String attribute, String value) {
        return tx.find(name, attribute, value).stream().map(this::entry).toList();
    }

    /**
     * {@return all rows that can be read, by key} For what goes on with the others if one cannot: that one is logged, once.
     */
    public List<R> readable(Transaction tx) {
        return readable(tx.scan(name));
    }

    /** {@return the rows with this value of an attribute that can be read, by key} */
    public List<R> findReadable(Transaction tx, String attribute, String value) {
        return readable(tx.find(name, attribute, value));
    }

    private List<R> readable(List<StoredRow> rows) {
        List<R> values = new ArrayList<>(rows.size());
        for (StoredRow row : rows) {
            try {
                values.add(entry(row).value());
            } catch (UnexpectedFailure e) {
                if (unreadable.add(row.key())) {
                    LOG.error("Row {} of table {} is left out", row.key(), name, e);
                }
            }
        }
        return values;
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
        try {
            return new Entry<>(row, json.read(row.body(), type));
        } catch (IllegalArgumentException e) {
            throw new UnexpectedFailure(
                    new ResourceRef(name, row.key()), "Reading row " + row.key() + " of table " + name, e);
        }
    }
}
