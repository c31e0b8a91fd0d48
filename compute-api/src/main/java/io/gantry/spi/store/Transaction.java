package io.gantry.spi.store;

import io.gantry.error.Conflict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be done within one transaction; for the thread that runs it only. */
public interface Transaction {
    /**
     * {@return a row; empty if there is none}
     *
     * @param table the table
     * @param key the row's key
     */
    Optional<StoredRow> get(String table, String key);

    /**
     * {@return all rows of a table, by key}
     *
     * @param table the table; one that nothing was written to is empty
     */
    List<StoredRow> scan(String table);

    /**
     * {@return the version of each row of a table, by key} For those who keep a copy of a table, to see which rows changed.
     *
     * <p>Unless a store does better, it reads the whole rows.
     *
     * @param table the table; one that nothing was written to is empty
     */
    default Map<String, Long> versions(String table) {
        return scan(table).stream().collect(Collectors.toMap(StoredRow::key, StoredRow::version));
    }

    /**
     * {@return the rows with this value of an attribute, by key}
     *
     * @param table the table
     * @param attribute the attribute's name
     * @param value its value
     */
    List<StoredRow> find(String table, String attribute, String value);

    /**
     * Adds a row, with version 1.
     *
     * @param table the table
     * @param key the key, unique within the table
     * @param body JSON text
     * @param attributes values by which {@link #find} finds the row
     * @return the row
     * @throws Conflict if the key is taken
     */
    StoredRow insert(String table, String key, String body, Map<String, String> attributes);

    /**
     * Replaces a row's body and attributes, and raises its version by 1.
     *
     * @param row the row as it was read
     * @param body JSON text
     * @param attributes values by which {@link #find} finds the row
     * @return the row as it is now
     * @throws StaleRow if it changed or went since it was read
     */
    StoredRow update(StoredRow row, String body, Map<String, String> attributes);

    /**
     * Removes a row.
     *
     * @param row the row as it was read
     * @throws StaleRow if it changed or went since it was read
     */
    void delete(StoredRow row);

    /**
     * {@return the time by the store's clock} All control nodes of one store compare their leases by it. Within one
     * store object it never runs backwards: a transaction that begins after another one returned reads the same time
     * or a later one. It does run on within a transaction.
     *
     * <p>Unless a store says otherwise it is the system's clock, which serves stores that only one process can open; it
     * runs backwards when that clock is set back.
     */
    default Instant now() {
        return Instant.now();
    }
}
