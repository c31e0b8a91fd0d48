package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.error.Unsupported;
import io.gantry.spi.store.CommitOutcomeUnknown;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.StoredRow;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The store on PostgreSQL among other nodes, other versions, and failures. */
@ExtendWith(WithPostgres.class)
@Timeout(60)
final class PostgresFailuresTest {
    private final PostgresServer server;
    private final String url;

    PostgresFailuresTest(PostgresServer server) {
        this.server = server;
        this.url = server.newSchema();
    }

    private JdbcStore open() {
        return JdbcStore.postgres(url, server.user(), server.password());
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, server.user(), server.password());
    }

    @Test
    @DisplayName("two stores on one database see each other's changes, and lose no update")
    void storesShareADatabase() throws Exception {
        try (JdbcStore one = open();
                JdbcStore other = open()) {
            one.transact(tx -> tx.insert("t", "counter", "0", Map.of()));
            inParallel(() -> increment(one, 40), () -> increment(other, 40));
            assertEquals(
                    "80",
                    one.<String>read(tx -> tx.get("t", "counter").orElseThrow().body()));
            assertEquals(
                    one.<List<StoredRow>>read(tx -> tx.scan("t")), other.<List<StoredRow>>read(tx -> tx.scan("t")));
            assertTrue(one.shared());
        }
    }

    private static boolean increment(JdbcStore store, int times) {
        for (int done = 0; done < times; ) {
            try {
                store.transact(tx -> {
                    StoredRow row = tx.get("t", "counter").orElseThrow();
                    return tx.update(row, Integer.toString(Integer.parseInt(row.body()) + 1), Map.of());
                });
                done++;
            } catch (StaleRow e) {
                Thread.onSpinWait();
            }
        }
        return true;
    }

    @Test
    @DisplayName(
            "a connection that dies within a transaction is a typed failure; nothing stays, and the next one works")
    void connectionDies() {
        try (JdbcStore store = open()) {
            assertThrows(
                    StoreUnavailable.class,
                    () -> store.transact(tx -> {
                        tx.insert("t", "half", "{}", Map.of());
                        terminateTheOthers();
                        return tx.insert("t", "other", "{}", Map.of());
                    }));
            store.transact(tx -> tx.insert("t", "after", "{}", Map.of()));
            assertEquals(
                    List.of("after"),
                    store.<List<String>>read(
                            tx -> tx.scan("t").stream().map(StoredRow::key).toList()));
        }
    }

    @Test
    @DisplayName("a connection that dies within a commit: the outcome is unknown, and all of it is there or nothing")
    void connectionDiesInACommit() throws Exception {
        try (JdbcStore store = open()) {
            makeCommitsSleep();
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<StoredRow> lost = thread.submit(() -> store.transact(tx -> {
                    tx.insert("t", "one", "{}", Map.of());
                    return tx.insert("t", "other", "{}", Map.of());
                }));
                terminateTheSleeper();
                ExecutionException failed = assertThrows(ExecutionException.class, lost::get);
                assertInstanceOf(CommitOutcomeUnknown.class, failed.getCause());
            } finally {
                thread.shutdownNow();
            }
            int found = store.<Integer>read(tx -> tx.scan("t").size());
            assertTrue(found == 0 || found == 2, found + " rows");
        }
    }

    /** Whoever inserts a row then sleeps within its commit. */
    private void makeCommitsSleep() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'");
            statement.execute("CREATE CONSTRAINT TRIGGER sleeps AFTER INSERT ON gantry_rows"
                    + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sleep()");
        }
    }

    private void terminateTheSleeper() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            boolean terminated = false;
            while (!terminated) {
                try (ResultSet result = statement.executeQuery("SELECT pg_terminate_backend(pid)"
                        + " FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query ILIKE 'COMMIT%'")) {
                    terminated = result.next();
                }
            }
        }
    }

    /** Those with something under way; other tests have none meanwhile. */
    private void terminateTheOthers() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE pid <> pg_backend_pid() AND state = 'idle in transaction'");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("a function that takes long does not keep the node's other transactions waiting")
    void longFunction() throws Exception {
        try (JdbcStore store = open()) {
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<StoredRow> slow = thread.submit(() -> store.transact(tx -> {
                    running.countDown();
                    awaitLatch(released);
                    return tx.insert("t", "slow", "{}", Map.of());
                }));
                running.await();
                store.transact(tx -> tx.insert("u", "quick", "{}", Map.of()));
                assertFalse(slow.isDone());
                released.countDown();
                assertEquals(1, slow.get().version());
            } finally {
                thread.shutdownNow();
            }
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("a database of version 1 is brought to the current version with all it has")
    void oldSchemaIsUpgraded() throws Exception {
        try (Connection connection = connect()) {
            OldSchema.create(connection);
        }
        try (JdbcStore store = open()) {
            OldSchema.assertIsThere(store);
        }
        assertEquals(Migrator.SCRIPTS.size(), version());
    }

    @Test
    @DisplayName("two that open a database of version 1 at once both succeed")
    void openersRace() throws Exception {
        try (Connection connection = connect()) {
            OldSchema.create(connection);
        }
        inParallel(this::openAndLook, this::openAndLook);
        assertEquals(Migrator.SCRIPTS.size(), version());
    }

    private boolean openAndLook() {
        try (JdbcStore store = open()) {
            OldSchema.assertIsThere(store);
            return true;
        }
    }

    @Test
    @DisplayName("a database that newer code has brought further is refused, and stays as it is")
    void newerSchemaIsRefused() throws Exception {
        open().close();
        try (Connection connection = connect()) {
            Migrator.record(connection, 99);
        }
        Unsupported refused = assertThrows(Unsupported.class, this::open);
        assertTrue(refused.getMessage().contains("version 99"), refused.getMessage());
        assertEquals(99, version());
    }

    private int version() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT MAX(version) FROM gantry_schema_version")) {
            result.next();
            return result.getInt(1);
        }
    }

    @Test
    @DisplayName("what cannot be opened says why: no server, no such database, wrong URL; passwords are not shown")
    void badAddresses() {
        StoreUnavailable nobody = assertThrows(
                StoreUnavailable.class,
                () -> JdbcStore.postgres("jdbc:postgresql://localhost:1/x?password=secret", "u", "secret"));
        assertTrue(nobody.getMessage().contains("localhost:1"), nobody.getMessage());
        assertTrue(!nobody.getMessage().contains("secret"), nobody.getMessage());
        InvalidRequest missing = assertThrows(
                InvalidRequest.class,
                () -> JdbcStore.postgres(server.url() + "_missing", server.user(), server.password()));
        assertEquals("url", missing.field());
        InvalidRequest other =
                assertThrows(InvalidRequest.class, () -> JdbcStore.postgres("jdbc:mysql://localhost/x", "u", "p"));
        assertEquals("jdbc:mysql://localhost/x", other.value());
    }

    private static void inParallel(Callable<Boolean> one, Callable<Boolean> other) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Boolean>> results = new ArrayList<>(threads.invokeAll(List.of(one, other)));
            for (Future<Boolean> result : results) {
                assertTrue(result.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
