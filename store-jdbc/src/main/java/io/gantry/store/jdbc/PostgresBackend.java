package io.gantry.store.jdbc;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.spi.store.Transaction;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs transactions on PostgreSQL. They read one snapshot; those that change something are then written one at a time, by
 * whichever control node, each after a look whether what it has read is still so. That is the order that they are in.
 * PostgreSQL's own serialisable transactions know what was read by pages of indexes, which rows of many tables and many
 * callers share: with three busy nodes most of what they refuse collides in nothing else.
 *
 * <p>All settings are those of one transaction ({@code SET LOCAL}), and sent with one message: connections go back to
 * their pool as they came.
 */
final class PostgresBackend implements Backend {
    private static final int OLDEST = 12;

    /** A function that reads all of a large store does not keep the node from renewing its lease. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Any number that is the same in every process. */
    private static final long MIGRATION_LOCK = 0x67616e747279L;

    /** The same in every process; of this schema, since others in the database have stores of their own. */
    private static final String TAKE_TURN =
            "SELECT pg_advisory_xact_lock(" + 0x67616e74 + ", hashtext(current_schema()::text))";

    /**
     * Each statement sees what was committed before it begins, and that after the turn is taken. Commits wait for the disk
     * whatever the server's default. A process that is stopped before its commit holds up the others for two seconds.
     * The few rows are to be found by their keys, also in tables that were never analysed.
     */
    static final String BEGIN_CHANGES = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;"
            + "SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '30s';"
            + "SET LOCAL idle_in_transaction_session_timeout = '2s';"
            + "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
            + TAKE_TURN;

    private static final String BEGIN_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    private static final String TAKE_MIGRATION_LOCK = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;"
            + "SELECT pg_advisory_xact_lock(" + MIGRATION_LOCK + ")";

    private final DataSource connections;
    private final Runnable onClose;
    private final Failures failures;
    private final SteadyClock clock = new SteadyClock();
    private final GroupCommit group;

    private PostgresBackend(DataSource connections, Runnable onClose, Failures failures) {
        this.connections = connections;
        this.onClose = onClose;
        this.failures = failures;
        this.group = new GroupCommit(new Transactions(), failures, this::now, PATIENCE);
    }

    static PostgresBackend open(DataSource connections, Runnable onClose) {
        Failures failures = new Failures("PostgreSQL");
        try (Connection connection = connections.getConnection()) {
            DatabaseMetaData database = connection.getMetaData();
            failures = new Failures(withoutSecrets(String.valueOf(database.getURL())));
            requireServer(database);
            boolean automatic = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                requireUtf8(connection);
                new Migrator(failures, statement -> statement.execute(TAKE_MIGRATION_LOCK), Migrator.SCRIPTS)
                        .migrate(connection);
            } finally {
                connection.setAutoCommit(automatic);
            }
            return new PostgresBackend(connections, onClose, failures);
        } catch (SQLException e) {
            throw failures.unavailable("the database cannot be opened: " + e.getMessage(), e);
        }
    }

    static String withoutSecrets(String url) {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }

    private static void requireServer(DatabaseMetaData database) throws SQLException {
        String product = database.getDatabaseProductName() + " " + database.getDatabaseProductVersion();
        if (!database.getDatabaseProductName().equals("PostgreSQL") || database.getDatabaseMajorVersion() < OLDEST) {
            throw new InvalidRequest(
                    "connections",
                    product,
                    "is not PostgreSQL " + OLDEST + " or newer",
                    "Give connections to such one");
        }
    }

    private static void requireUtf8(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW server_encoding")) {
            result.next();
            if (!result.getString(1).equals("UTF8")) {
                throw new InvalidRequest(
                        "connections",
                        result.getString(1),
                        "is how the database keeps text; not every text fits",
                        "Create a database with ENCODING 'UTF8'");
            }
        } finally {
            connection.rollback();
        }
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        return group.<T>transact(work).get();
    }

    private final class Transactions implements GroupCommit.Database {
        private final Map<Unit, Lease> leases = new ConcurrentHashMap<>();

        @Override
        public Unit begin() throws SQLException {
            Lease lease = new Lease(connections.getConnection(), BEGIN_READ);
            Unit unit = new Unit(lease.session, true);
            leases.put(unit, lease);
            return unit;
        }

        @Override
        public void write(Unit unit) throws SQLException {
            Writes writes = unit.writes();
            if (!writes.isEmpty()) {
                unit.session().beginAnew(BEGIN_CHANGES, 1);
                writes.runTogether(unit.session(), unit.snapshot().reads());
            }
        }

        @Override
        public void commit(Unit unit) throws SQLException {
            unit.session().connection().commit();
        }

        @Override
        public long end(Unit unit, boolean committed) {
            Lease lease = requireNonNull(leases.remove(unit));
            lease.ended = committed;
            lease.close();
            return 0;
        }
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        try (Lease lease = new Lease(connections.getConnection(), BEGIN_READ)) {
            T result = ReadOnly.run(lease.session, failures, this::now, work);
            lease.ended = true;
            return result;
        } catch (SQLException e) {
            throw failures.of(e, "transaction", "begin");
        }
    }

    private Instant now(Session session) throws SQLException {
        return session.query("SELECT clock_timestamp()", result -> {
            result.next();
            return clock.after(result.getObject(1, OffsetDateTime.class).toInstant());
        });
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public void close() {
        onClose.run();
    }

    /** A connection that goes back as it came, with nothing under way on it. */
    private static final class Lease implements AutoCloseable {
        private final Connection connection;
        private final Session session;
        private final boolean automatic;
        private boolean ended;

        Lease(Connection connection, String begin) throws SQLException {
            this.connection = connection;
            this.session = new Session(connection, begin);
            try {
                automatic = connection.getAutoCommit();
                connection.setAutoCommit(false);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        /** Never fails: the outcome is decided by now, and a connection that cannot go back is the pool's to drop. */
        @Override
        public void close() {
            try (connection) {
                session.release();
                if (!ended) {
                    connection.rollback();
                }
                connection.setAutoCommit(automatic);
            } catch (SQLException e) {
                abandon();
            }
        }

        private void abandon() {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // Closed already, or broken beyond that.
                ended = true;
            }
        }
    }
}
