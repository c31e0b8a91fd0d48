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
import org.jspecify.annotations.Nullable;
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
    private @Nullable Map<String, Parsed<R>> parsed;

    /** A text and what it holds. */
    private record Parsed<R>(String body, R value) {}

    Table(String name, Class<R> type, Json json, Function<R, String> key, Function<R, Map<String, String>> attributes) {
        this.name = name;
        this.type = type;
        this.json = json;
        this.key = key;
        this.attributes = attributes;
    }

    /**
     * {@return this table, which remembers what the text of each row holds: for rows that are read far more often than they
     * change, and of which there are no more than fit into memory}
     *
     * <p>What a text holds does not change, so that nothing remembered is ever wrong.
     */
    Table<R> remembering() {
        parsed = new ConcurrentHashMap<>();
        return this;
    }

    /** {@return its name in the store} */
    public String name() {
        return name;
    }

    /** {@return the version of each row, by key} */
    public Map<String, Long> versions(Transaction tx) {
        return tx.versions(name);
    }

    /** {@return a row as it is stored; empty if there is none} */
    public Optional<StoredRow> row(Transaction tx, String rowKey) {
        return tx.get(name, rowKey);
    }

    /** {@return all rows as they are stored, by key} */
    public List<StoredRow> rows(Transaction tx) {
        return tx.scan(name);
    }

    /** {@return the rows with this value of an attribute as they are stored, by key} */
    public List<StoredRow> found(Transaction tx, String attribute, String value) {
        return tx.find(name, attribute, value);
    }

    /** {@return what a row holds, as it was stored; empty if it cannot be read, which is logged once} */
    public Optional<R> value(StoredRow row) {
        return readable(List.of(row)).stream().findFirst();
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
        return written(tx.insert(name, key.apply(value), json.write(value), attributes.apply(value)), value);
    }

    /** Replaces a row. */
    public Entry<R> update(Transaction tx, Entry<R> entry, R value) {
        return written(tx.update(entry.row(), json.write(value), attributes.apply(value)), value);
    }

    private Entry<R> written(StoredRow row, R value) {
        if (parsed != null) {
            parsed.put(row.key(), new Parsed<>(row.body(), value));
        }
        return new Entry<>(row, value);
    }

    /** Removes a row. */
    public void delete(Transaction tx, Entry<R> entry) {
        tx.delete(entry.row());
        if (parsed != null) {
            parsed.remove(entry.row().key());
        }
    }

    /** Removes a row without reading what it holds, if it is there. */
    public void remove(Transaction tx, String rowKey) {
        tx.get(name, rowKey).ifPresent(row -> {
            tx.delete(row);
            if (parsed != null) {
                parsed.remove(rowKey);
            }
        });
    }

    private Entry<R> entry(StoredRow row) {
        if (parsed == null) {
            return new Entry<>(row, read(row));
        }
        Parsed<R> known = parsed.get(row.key());
        if (known == null || !known.body().equals(row.body())) {
            known = new Parsed<>(row.body(), read(row));
            parsed.put(row.key(), known);
        }
        return new Entry<>(row, known.value());
    }

    private R read(StoredRow row) {
        try {
            return json.read(row.body(), type);
        } catch (IllegalArgumentException e) {
            throw new UnexpectedFailure(
                    new ResourceRef(name, row.key()), "Reading row " + row.key() + " of table " + name, e);
        }
    }
}
