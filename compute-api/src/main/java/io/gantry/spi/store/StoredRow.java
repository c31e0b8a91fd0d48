package io.gantry.spi.store;

import java.util.Map;

/**
 * A row as it was read.
 *
 * @param table its table
 * @param key its key within the table
 * @param version 1 for a new row, and 1 more for each change
 * @param body JSON text
 * @param attributes values by which it can be found
 */
public record StoredRow(String table, String key, long version, String body, Map<String, String> attributes) {
    /**
     * Copies the attributes.
     *
     * @param table see the record
     * @param key see the record
     * @param version see the record
     * @param body see the record
     * @param attributes see the record
     */
    public StoredRow {
        attributes = Map.copyOf(attributes);
    }
}
