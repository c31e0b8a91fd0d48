package io.gantry.store.jdbc;

import io.gantry.error.ComputeException;
import io.gantry.error.Forbidden;
import io.gantry.error.ResourceRef;
import io.gantry.error.UnexpectedFailure;
import io.gantry.spi.store.CommitOutcomeUnknown;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StoreUnavailable;
import java.sql.SQLException;
import java.util.Set;

/**
 * What a database's error codes mean to the caller.
 *
 * @param store where the store is, as messages name it
 */
record Failures(String store) {
    private static final String CHECK = "Check that the database runs and can be reached, then try again";
    private static final Set<String> COLLISIONS = Set.of("40001", "40P01", "23505");
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String NOT_PERMITTED = "42501";
    private static final String COMPLETION_UNKNOWN = "40003";

    /** {@return whether a transaction failed because of another one} */
    static boolean isCollision(SQLException e) {
        return COLLISIONS.contains(state(e));
    }

    /** {@return what a statement's failure means} */
    ComputeException of(SQLException e, String table, String key) {
        if (isCollision(e)) {
            StaleRow stale = new StaleRow(table, key);
            stale.addSuppressed(e);
            return stale;
        }
        if (state(e).equals(LOCK_TIMEOUT)) {
            return new StoreUnavailable(
                    store,
                    "another transaction holds " + table + " " + key + " for too long",
                    "Try again; look for a session that is idle in a transaction",
                    e);
        }
        if (state(e).equals(NOT_PERMITTED)) {
            return new Forbidden(
                    new ResourceRef("store", store),
                    "change: " + e.getMessage(),
                    "Grant the database user SELECT, INSERT, UPDATE and DELETE on the tables gantry_*");
        }
        if (isUnavailable(e)) {
            return unavailable("the database failed: " + e.getMessage(), e);
        }
        return new UnexpectedFailure(new ResourceRef(table, key), "A statement in " + store, e);
    }

    /**
     * {@return what a failed commit means} Only a refusal is one for sure: whatever else went wrong may have done so
     * after the changes took effect.
     */
    ComputeException ofCommit(SQLException e, boolean changed, String table, String key) {
        String state = state(e);
        boolean refused = !state.equals(COMPLETION_UNKNOWN) && (state.startsWith("40") || state.startsWith("23"));
        if (refused || !changed) {
            return of(e, table, key);
        }
        return new CommitOutcomeUnknown(store, "the answer to a commit was lost: " + e.getMessage(), e);
    }

    StoreUnavailable unavailable(String problem, Throwable cause) {
        return new StoreUnavailable(store, problem, CHECK, cause);
    }

    private static boolean isUnavailable(SQLException e) {
        String state = state(e);
        // Connection, resources, operator intervention (shutdown, terminated session), system error; H2's own errors.
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("58")
                || state.startsWith("90")
                || state.startsWith("HY");
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
