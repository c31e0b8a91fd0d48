package io.gantry.spi.store;

import io.gantry.error.Conflict;
import io.gantry.error.ResourceRef;

/** A row was changed by somebody else since it was read; run the transaction again. */
public final class StaleRow extends Conflict {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param table the row's table
     * @param key the row's key
     */
    public StaleRow(String table, String key) {
        super(
                "STALE_ROW",
                new ResourceRef(table, key),
                "Row " + key + " of " + table + " changed since it was read",
                "Read it again and repeat",
                null);
    }
}
