package io.gantry.spi.store;

import org.jspecify.annotations.Nullable;

/**
 * A transaction was to take effect, and the store's answer was lost: all of its changes are there, or none. Never
 * reported for a transaction that changed nothing.
 */
public final class CommitOutcomeUnknown extends StoreUnavailable {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param store where the store is; no passwords
     * @param problem how the answer was lost
     * @param cause the cause, or null
     */
    public CommitOutcomeUnknown(String store, String problem, @Nullable Throwable cause) {
        super(
                "COMMIT_OUTCOME_UNKNOWN",
                store,
                problem,
                "Read the rows that the transaction was to change before you run it again",
                cause);
    }
}
