package io.gantry.store.jdbc;

import io.gantry.error.ComputeException;
import io.gantry.spi.store.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs callers' transactions one after the other, and those of callers who were waiting at the same time as one
 * transaction of the database: they do not collide, share its snapshot, statements and commit, and each is told how that
 * ended. Who comes alone is not held up. What a caller's function throws drops that caller's changes only.
 *
 * <p>A transaction of the database begins after the call of each whose changes it has: nobody is shown a state from before
 * the call.
 */
final class GroupCommit {
    /** Transactions of one database. */
    interface Database {
        /** Begins a transaction; one at a time, unless a function takes too long. */
        Unit begin() throws SQLException;

        /** Writes what is to change. */
        void write(Unit unit) throws SQLException;

        /** Commits. */
        void commit(Unit unit) throws SQLException;

        /**
         * Ends what was begun; where it was not committed, it is rolled back. Never fails.
         *
         * @return the number of the latest commit that it may have seen
         */
        long end(Unit unit, boolean committed);
    }

    private static final int MOST = 1 << 10;

    private final Database database;
    private final Failures failures;
    private final JdbcTransaction.StoreClock clock;
    private final Duration patience;
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private final ReentrantLock turn = new ReentrantLock();
    private volatile long turnSince = System.nanoTime();

    // In turn.
    private @Nullable Group current;
    private int most = MOST;
    private long refused;
    private @Nullable SQLException refusal;

    /**
     * Runs transactions of a database.
     *
     * @param patience how long a function may take before others run beside it, in transactions of their own; zero where
     *     the database has but one at a time
     */
    GroupCommit(Database database, Failures failures, JdbcTransaction.StoreClock clock, Duration patience) {
        this.database = database;
        this.failures = failures;
        this.clock = clock;
        this.patience = patience;
    }

    /** What one caller's transaction came to. */
    static final class Outcome<T extends @Nullable Object> {
        private final Group group;
        private final JdbcTransaction tx;
        private final boolean onOthers;
        private @Nullable T result;
        private @Nullable Throwable thrown;

        private Outcome(Group group, JdbcTransaction tx) {
            this.group = group;
            this.tx = tx;
            this.onOthers = !group.unit.edits().isEmpty();
        }

        /** {@return the number of the latest commit that it may have seen} */
        long seen() {
            return group.seen;
        }

        boolean changed() {
            return thrown == null && tx.changed();
        }

        /** {@return what the function returned; or throws what it threw, or how the commit failed} */
        @SuppressWarnings("NullAway") // the result is null only where T may be
        T get() {
            ComputeException failure = group.failure(tx);
            if (thrown == null) {
                if (failure != null) {
                    throw failure;
                }
                return result;
            }
            if (failure != null && onOthers) {
                // It may come from changes that are not there.
                failure.addSuppressed(thrown);
                throw failure;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }

    /** Those whose transactions are one of the database. */
    private static final class Group {
        private final Unit unit;
        private final long last;
        private final CountDownLatch ended = new CountDownLatch(1);
        private int members;
        private boolean committing;
        private @Nullable SQLException failed;
        private long seen;

        Group(Unit unit, long last) {
            this.unit = unit;
            this.last = last;
        }

        @Nullable
        ComputeException failure(JdbcTransaction tx) {
            if (failed == null) {
                return null;
            }
            return committing ? tx.meaningOfCommit(failed) : tx.meaning(failed);
        }
    }

    /** {@return what a function's transaction came to, when that is known} */
    <T extends @Nullable Object> Outcome<T> transact(Function<Transaction, T> work) {
        long number = arrived.incrementAndGet();
        Outcome<T> outcome = takeTurn() ? inTurn(number, work) : alone(work);
        awaitEnd(outcome.group);
        return outcome;
    }

    /** Waits for the turn. {@return false if whoever has it keeps it too long} */
    private boolean takeTurn() {
        if (patience.isZero()) {
            turn.lock();
            return true;
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                        return true;
                    }
                    if (System.nanoTime() - turnSince > patience.toNanos()) {
                        // Whoever had the turn may just have left its group to those who wait: then it is this one's to
                        // end.
                        return turn.tryLock();
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T extends @Nullable Object> Outcome<T> inTurn(long number, Function<Transaction, T> work) {
        try {
            turnSince = System.nanoTime();
            served.incrementAndGet();
            Group group = group(number);
            group.members++;
            return run(group, work);
        } finally {
            try {
                endIfDue();
            } finally {
                turn.unlock();
            }
        }
    }

    /** Who is still waiting either joins the group, or ends it. */
    private void endIfDue() {
        Group group = current;
        if (group != null
                && (group.unit.failure() != null
                        || group.members >= most
                        || served.get() >= group.last
                        || !turn.hasQueuedThreads())) {
            endCurrent(group);
        }
    }

    private <T extends @Nullable Object> Outcome<T> alone(Function<Transaction, T> work) {
        served.incrementAndGet();
        try {
            Group group = new Group(database.begin(), 0);
            try {
                return run(group, work);
            } finally {
                end(group);
            }
        } catch (SQLException e) {
            throw failures.of(e, "transaction", "begin");
        }
    }

    private Group group(long number) {
        if (current != null && number <= current.last) {
            return current;
        }
        if (current != null) {
            endCurrent(current);
        }
        if (refusal != null && number <= refused) {
            throw failures.of(refusal, "transaction", "begin");
        }
        long last = arrived.get();
        try {
            current = new Group(database.begin(), last);
            return current;
        } catch (SQLException e) {
            // Who waited meanwhile does not have to wait for the same answer again.
            refusal = e;
            refused = arrived.get();
            throw failures.of(e, "transaction", "begin");
        }
    }

    private <T extends @Nullable Object> Outcome<T> run(Group group, Function<Transaction, T> work) {
        JdbcTransaction tx = new JdbcTransaction(group.unit, failures, clock, false);
        Outcome<T> outcome = new Outcome<>(group, tx);
        try {
            outcome.result = work.apply(tx);
            tx.accept();
        } catch (RuntimeException | Error e) {
            outcome.thrown = e;
        } finally {
            tx.end();
        }
        return outcome;
    }

    private void endCurrent(Group group) {
        current = null;
        end(group);
        resize(group);
    }

    private void end(Group group) {
        boolean committed = false;
        try {
            group.failed = group.unit.failure();
            if (group.failed == null) {
                database.write(group.unit);
                group.committing = true;
                database.commit(group.unit);
                committed = true;
            }
        } catch (SQLException e) {
            group.failed = e;
        } catch (RuntimeException | Error e) {
            group.failed = new SQLException(e);
        } finally {
            try {
                group.seen = database.end(group.unit, committed);
            } finally {
                group.ended.countDown();
            }
        }
    }

    /** The longer a group lasts, the more likely does another control node change what it read: who collides gets shorter. */
    private void resize(Group group) {
        SQLException failed = group.failed;
        if (failed == null) {
            most = Math.min(MOST, 2 * most);
        } else if (Failures.isCollision(failed)) {
            most = Math.max(1, group.members / 2);
        }
    }

    /** Uninterruptibly: an outcome is known soon. */
    private static void awaitEnd(Group group) {
        boolean interrupted = false;
        while (true) {
            try {
                group.ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
