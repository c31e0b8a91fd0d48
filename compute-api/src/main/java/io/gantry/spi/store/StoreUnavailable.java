package io.gantry.spi.store;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or failed before a transaction was to take effect: nothing was changed. Where changes
 * may have taken effect, {@link CommitOutcomeUnknown} is thrown instead.
 */
public class StoreUnavailable extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param store where the store is, such as a directory or a database's address; no passwords
     * @param problem what happened
     * @param remediation what to do
     * @param cause the cause, or null
     */
    public StoreUnavailable(String store, String problem, String remediation, @Nullable Throwable cause) {
        this("STORE_UNAVAILABLE", store, problem, remediation, cause);
    }

    /**
     * Creates a narrower kind.
     *
     * @param code stable name of the narrower kind
     * @param store where the store is; no passwords
     * @param problem what happened
     * @param remediation what to do
     * @param cause the cause, or null
     */
    protected StoreUnavailable(
            String code, String store, String problem, String remediation, @Nullable Throwable cause) {
        super(code, true, new ResourceRef("store", store), "Store " + store + ": " + problem, remediation, cause);
    }
}
