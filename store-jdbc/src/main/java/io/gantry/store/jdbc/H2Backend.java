package io.gantry.store.jdbc;

import io.gantry.spi.store.CommitOutcomeUnknown;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.Transaction;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.h2.Driver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions on an H2 database of this process: those that change one at a time, those that read beside them on
 * snapshots. A commit of H2 writes to its file, which keeps that in memory until it is forced; that is done for all
 * commits so far at once, outside the lock.
 */
final class H2Backend implements Backend {
    /**
     * DB_CLOSE_ON_EXIT: the host decides when to close. WRITE_DELAY: a commit has written before it returns, and no
     * thread of H2's writes beside it. REUSE_SPACE: where H2 writes over space that it freed, it was seen to open an
     * older state after a crash, though its file was whole.
     */
    private static final String SETTINGS =
            ";MODE=PostgreSQL;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;REUSE_SPACE=FALSE;ANALYZE_AUTO=0";

    private static final Logger LOG = LoggerFactory.getLogger(H2Backend.class);

    private final String url;
    private final Closeable lock;
    private final Failures failures;
    private final Clock clock;
    private final SteadyClock steady = new SteadyClock();
    private final Connection writer;
    private final Deque<Connection> readers = new ConcurrentLinkedDeque<>();
    private final ReentrantLock writing = new ReentrantLock();
    private final GroupSync sync;

    private H2Backend(
            String url, Failures failures, Clock clock, Closeable lock, Connection writer, JournaledFile file) {
        this.url = url;
        this.failures = failures;
        this.clock = clock;
        this.lock = lock;
        this.writer = writer;
        this.sync = new GroupSync(() -> file.force(false));
    }

    /**
     * Opens a database.
     *
     * @param files H2's name of its files, without suffix
     * @param store where it is, as messages name it
     * @param lock released when the store is closed
     */
    static H2Backend open(String files, String store, Clock clock, Closeable lock) {
        Failures failures = new Failures(store);
        String url = "jdbc:h2:" + JournaledFilePath.register() + files + SETTINGS;
        try {
            Connection writer = connect(url);
            try {
                writer.setAutoCommit(false);
                new Migrator(failures, statement -> {}, Migrator.SCRIPTS).migrate(writer);
                JournaledFile file = JournaledFilePath.opened(files);
                if (file == null) {
                    throw new SQLException("H2 has not opened " + files);
                }
                file.force(true);
                return new H2Backend(url, failures, clock, lock, writer, file);
            } catch (SQLException | IOException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (SQLException | IOException e) {
            throw new StoreUnavailable(
                    store,
                    "its files cannot be opened: " + e.getMessage(),
                    "Read the cause; where the files are damaged, bring back a copy of all of them",
                    e);
        }
    }

    private static Connection connect(String url) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "gantry");
        properties.setProperty("password", "");
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("H2 does not know " + url);
        }
        return connection;
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        Turn turn = new Turn();
        T result;
        try {
            result = inTurn(turn, work);
        } catch (RuntimeException | Error e) {
            // What it says may come from a commit that it saw.
            sync.await(turn.seen);
            throw e;
        }
        await(turn.seen, turn.changed);
        return result;
    }

    private <T extends @Nullable Object> T inTurn(Turn turn, Function<Transaction, T> work) {
        writing.lock();
        try {
            requireDisk();
            JdbcTransaction tx = new JdbcTransaction(writer, failures, this::now, false);
            boolean committed = false;
            try {
                T result = work.apply(tx);
                turn.changed = tx.changed();
                if (turn.changed) {
                    sync.committing();
                }
                try {
                    tx.commit();
                    committed = true;
                } finally {
                    if (turn.changed) {
                        sync.committed();
                    }
                }
                return result;
            } finally {
                tx.end();
                if (!committed) {
                    rollback();
                }
            }
        } finally {
            turn.seen = sync.latest();
            writing.unlock();
        }
    }

    /** A connection that cannot even roll back is of a database that failed; the next use says so. */
    private void rollback() {
        try {
            writer.rollback();
        } catch (SQLException e) {
            LOG.warn("Rolling back on {} failed", failures.store(), e);
        }
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        requireDisk();
        try {
            Connection reader = reader();
            JdbcTransaction tx = new JdbcTransaction(reader, failures, this::now, true);
            T result;
            try {
                result = work.apply(tx);
                tx.commit();
                readers.push(reader);
            } catch (RuntimeException | Error e) {
                reader.close();
                throw e;
            } finally {
                tx.end();
            }
            await(sync.latest(), false);
            return result;
        } catch (SQLException e) {
            throw failures.of(e, "transaction", "begin");
        }
    }

    private Connection reader() throws SQLException {
        Connection idle = readers.poll();
        if (idle != null) {
            return idle;
        }
        Connection reader = connect(url);
        try (Statement statement = reader.createStatement()) {
            statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT");
            reader.setAutoCommit(false);
            return reader;
        } catch (SQLException e) {
            reader.close();
            throw e;
        }
    }

    private Instant now(Connection connection) {
        return steady.after(clock.instant());
    }

    private void requireDisk() {
        Exception broken = sync.broken();
        if (broken != null) {
            throw new StoreUnavailable(
                    failures.store(),
                    "its disk failed: " + broken.getMessage(),
                    "Repair the disk, close the store and open it again",
                    broken);
        }
    }

    private void await(long commit, boolean changed) {
        if (!sync.await(commit)) {
            if (changed) {
                throw new CommitOutcomeUnknown(failures.store(), "its disk failed", sync.broken());
            }
            requireDisk();
        }
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void close() {
        try (lock;
                writer) {
            for (Connection reader : readers) {
                reader.close();
            }
        } catch (SQLException | IOException e) {
            throw new StoreUnavailable(failures.store(), "it did not close cleanly", "Read the cause", e);
        }
    }

    /** What a transaction changed and may have seen, for the wait that follows it. */
    private static final class Turn {
        private boolean changed;
        private long seen;
    }
}
