package io.gantry.store.jdbc;

import io.gantry.spi.store.CommitOutcomeUnknown;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.Transaction;
import java.io.Closeable;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions on an H2 database of this process: those that change in groups, one at a time, those that read beside
 * them on snapshots. A commit of H2 writes to its file, which keeps that in memory until it is forced; that is done for
 * all commits so far at once, while the next group runs.
 */
final class H2Backend implements Backend {
    /** A database smaller than this is left alone, in bytes. */
    static final long SMALL = 64L << 20;

    /** How far a database may grow, in sizes that it had when it was last copied. */
    private static final int GROWTH = 4;

    /** Half a kilobyte is about what a row's key, attributes and index entries take. */
    private static final String IN_USE = "SELECT COALESCE(SUM(CHAR_LENGTH(body) + 512), 0) FROM gantry_rows";

    private static final Logger LOG = LoggerFactory.getLogger(H2Backend.class);

    private final H2Files files;
    private final Closeable lock;
    private final Failures failures;
    private final Clock clock;
    private final long small;
    private final SteadyClock steady = new SteadyClock();
    private final GroupSync sync = new GroupSync(this::force);
    private final GroupCommit group;
    private volatile H2Database database;
    private long largest;

    private H2Backend(H2Files files, Failures failures, Clock clock, long small, Closeable lock, H2Database database) {
        this.files = files;
        this.failures = failures;
        this.clock = clock;
        this.small = small;
        this.largest = small;
        this.lock = lock;
        this.database = database;
        this.group = new GroupCommit(new Transactions(), failures, this::now, Duration.ZERO);
    }

    /**
     * Opens a store.
     *
     * @param store where it is, as messages name it
     * @param small how large its file may be at least
     * @param lock released when the store is closed
     */
    static H2Backend open(Opening opening, String store, Clock clock, long small, Closeable lock) {
        Failures failures = new Failures(store);
        try {
            H2Files files = opening.open();
            try {
                H2Database database = H2Database.open(files.isNew() ? files.next() : files.database(), failures);
                files.syncEntries();
                if (files.isNew()) {
                    files.advance();
                }
                H2Backend backend = new H2Backend(files, failures, clock, small, lock, database);
                backend.look();
                backend.compactIfLarge();
                return backend;
            } catch (SQLException | IOException | RuntimeException e) {
                files.close();
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

    /** Finds the store's files. */
    @FunctionalInterface
    interface Opening {
        H2Files open() throws IOException;
    }

    private void force() throws IOException {
        database.file().sync();
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        GroupCommit.Outcome<T> outcome = group.transact(work);
        boolean onDisk = sync.await(outcome.seen());
        // What the function threw may come from a commit that it saw.
        T result = outcome.get();
        if (!onDisk) {
            throw diskFailed(outcome.changed());
        }
        return result;
    }

    private final class Transactions implements GroupCommit.Database {
        @Override
        public Unit begin() {
            requireDisk();
            return new Unit(database.writer());
        }

        @Override
        public void write(Unit unit) throws SQLException {
            unit.writes().run(unit.session());
        }

        @Override
        public void commit(Unit unit) throws SQLException {
            boolean changes = !unit.edits().isEmpty();
            if (changes) {
                sync.committing();
            }
            try {
                unit.session().connection().commit();
                database.file().mark();
            } finally {
                if (changes) {
                    sync.committed();
                }
            }
        }

        @Override
        public long end(Unit unit, boolean committed) {
            if (committed) {
                compactIfLarge();
            } else {
                rollback();
            }
            return sync.latest();
        }
    }

    /** A connection that cannot even roll back is of a database that failed; the next use says so. */
    private void rollback() {
        try {
            database.writer().connection().rollback();
        } catch (SQLException e) {
            LOG.warn("Rolling back on {} failed", failures.store(), e);
        }
    }

    /** Estimates how much of a file is in use that an earlier process left. */
    private void look() throws SQLException {
        if (database.file().size() <= small) {
            return;
        }
        try (Statement statement = database.writer().connection().createStatement();
                ResultSet sum = statement.executeQuery(IN_USE)) {
            sum.next();
            largest = Math.max(small, GROWTH * sum.getLong(1));
        }
        database.writer().connection().commit();
    }

    /**
     * H2 appends all it writes: where that is much more than what is there, the store goes on with a copy. If that fails,
     * it stays as it is, and tries again when it has grown as much again.
     */
    private void compactIfLarge() {
        long size = database.file().size();
        if (size <= largest) {
            return;
        }
        long begun = System.nanoTime();
        String next = files.next();
        try {
            compact(next);
            long now = database.file().size();
            largest = Math.max(small, GROWTH * now);
            LOG.info(
                    "Copied {}: {} bytes instead of {}, in {} ms",
                    failures.store(),
                    now,
                    size,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        } catch (SQLException | IOException | RuntimeException e) {
            largest = 2 * size;
            LOG.warn("Copying {} failed; it stays at {} bytes", failures.store(), size, e);
        }
    }

    private void compact(String next) throws SQLException, IOException {
        H2Files.remove(next);
        H2Database before = database;
        H2Database copy = H2Database.open(next, failures);
        boolean copied = false;
        try {
            copyInto(copy);
            copied = true;
        } finally {
            if (!copied) {
                copy.retire(() -> H2Files.remove(next));
            }
        }
        try {
            files.advance();
        } catch (IOException e) {
            // Which of the two will be found is not known: neither may take anything on.
            before.file().fail(e);
            copy.retire(() -> {});
            throw e;
        }
        database = copy;
        before.retire(() -> H2Files.remove(before.files()));
    }

    private void copyInto(H2Database copy) throws SQLException, IOException {
        try (Session source = database.reader()) {
            new Compaction(copy).copy(source.connection());
        }
        files.syncEntries();
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        requireDisk();
        H2Database entered = database;
        while (!entered.enter()) {
            entered = database;
        }
        try {
            T result = read(entered, work);
            if (!sync.await(sync.latest())) {
                throw diskFailed(false);
            }
            return result;
        } catch (SQLException e) {
            throw failures.of(e, "transaction", "begin");
        } finally {
            leave(entered);
        }
    }

    private <T extends @Nullable Object> T read(H2Database entered, Function<Transaction, T> work) throws SQLException {
        Session reader = entered.reader();
        boolean ended = false;
        try {
            T result = ReadOnly.run(reader, failures, this::now, work);
            ended = true;
            return result;
        } finally {
            if (ended) {
                entered.free(reader);
            } else {
                reader.close();
            }
        }
    }

    /** What was read stays true, whether or not a database that was replaced can be closed. */
    private void leave(H2Database entered) {
        try {
            entered.leave();
        } catch (SQLException | IOException e) {
            LOG.warn("Closing {} failed", entered.files(), e);
        }
    }

    private Instant now(Session session) {
        return steady.after(clock.instant());
    }

    private void requireDisk() {
        if (sync.broken() != null) {
            throw diskFailed(false);
        }
    }

    private StoreUnavailable diskFailed(boolean changed) {
        Exception broken = sync.broken();
        String why = broken == null ? "" : ": " + broken.getMessage();
        return changed
                ? new CommitOutcomeUnknown(failures.store(), "its disk failed", broken)
                : new StoreUnavailable(
                        failures.store(),
                        "its disk failed" + why,
                        "Repair the disk, close the store and open it again",
                        broken);
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void close() {
        try (lock;
                files) {
            database.retire(() -> {});
        } catch (SQLException | IOException e) {
            throw new StoreUnavailable(failures.store(), "it did not close cleanly", "Read the cause", e);
        }
    }
}
