package io.gantry.store.jdbc;

import io.gantry.spi.store.Transaction;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs transactions that only read. */
final class ReadOnly {
    private ReadOnly() {}

    /** {@return what a function yields of one state; the session's transaction is ended then, unless this throws} */
    static <T extends @Nullable Object> T run(
            Session session, Failures failures, JdbcTransaction.StoreClock clock, Function<Transaction, T> work) {
        Unit unit = new Unit(session);
        JdbcTransaction tx = new JdbcTransaction(unit, failures, clock, true);
        T result;
        try {
            result = work.apply(tx);
        } finally {
            tx.end();
        }
        SQLException failed = unit.failure();
        if (failed != null) {
            throw tx.meaning(failed);
        }
        try {
            session.connection().commit();
        } catch (SQLException e) {
            throw tx.meaningOfCommit(e);
        }
        return result;
    }
}
