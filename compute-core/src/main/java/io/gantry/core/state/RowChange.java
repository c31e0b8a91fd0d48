package io.gantry.core.state;

import io.gantry.spi.store.StoredRow;
import java.util.Optional;

/**
 * What a transaction made of a row.
 *
 * @param table the row's table
 * @param key its key
 * @param row the row as it is now; empty if it is gone
 */
public record RowChange(String table, String key, Optional<StoredRow> row) {}
