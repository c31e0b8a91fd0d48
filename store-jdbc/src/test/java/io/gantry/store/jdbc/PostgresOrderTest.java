package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** In which order the transactions of several control nodes are, and which of them collide. */
@ExtendWith(WithPostgres.class)
final class PostgresOrderTest {
    private static final int ROUNDS = 150;
    private static final int EACH = 20;

    private final PostgresServer server;
    private final String url;
    private final JdbcStore one;
    private final JdbcStore other;

    PostgresOrderTest(PostgresServer server) {
        this.server = server;
        this.url = server.newSchema();
        this.one = JdbcStore.postgres(url, server.user(), server.password());
        this.other = JdbcStore.postgres(url, server.user(), server.password());
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    private static void run(JdbcStore store, Consumer<Transaction> work) {
        store.transact(tx -> {
            work.accept(tx);
            return "";
        });
    }

    @Test
    void nodesThatHaveNoRowInCommonNeverCollideHoweverSmallTheTables() throws Exception {
        run(one, tx -> {
            for (int i = 0; i < EACH; i++) {
                tx.insert("t", "one-" + i, "0", Map.of("of", "one-" + i));
                tx.insert("t", "other-" + i, "0", Map.of("of", "other-" + i));
            }
        });
        AtomicInteger collisions = new AtomicInteger();
        CompletableFuture<Void> both = CompletableFuture.allOf(
                CompletableFuture.runAsync(() -> work(one, "one-", collisions)),
                CompletableFuture.runAsync(() -> work(other, "other-", collisions)));
        both.get(60, TimeUnit.SECONDS);
        assertEquals(0, collisions.get());
    }

    /** Reads rows by key and by attribute, changes some, and adds and removes others. */
    private static void work(JdbcStore store, String mine, AtomicInteger collisions) {
        for (int round = 0; round < ROUNDS; round++) {
            int number = round;
            try {
                run(store, tx -> {
                    for (int i = 0; i < EACH; i++) {
                        StoredRow row = tx.find("t", "of", mine + i).get(0);
                        tx.update(row, Integer.toString(number), row.attributes());
                    }
                    tx.insert("u", mine + number, "{}", Map.of("of", mine));
                    tx.get("u", mine + (number - 1)).ifPresent(tx::delete);
                });
            } catch (StaleRow e) {
                collisions.incrementAndGet();
            }
        }
    }

    @Test
    void aRowThatWasRemovedAndAddedAgainIsNotTheOneThatWasRead() {
        run(one, tx -> tx.insert("t", "lease", "mine", Map.of()));
        assertThrows(
                StaleRow.class,
                () -> run(one, tx -> {
                    assertEquals("mine", tx.get("t", "lease").orElseThrow().body());
                    elsewhere(() -> {
                        run(other, same -> same.delete(same.get("t", "lease").orElseThrow()));
                        run(other, same -> same.insert("t", "lease", "yours", Map.of()));
                    });
                    tx.insert("t", "done", "since the lease is mine", Map.of());
                }));
        run(one, tx -> assertTrue(tx.get("t", "done").isEmpty()));
    }

    @Test
    void whatATransactionCountsByVersionsAloneHoldsUntilItCommits() {
        run(one, tx -> tx.insert("t", "first", "{}", Map.of()));
        assertThrows(
                StaleRow.class,
                () -> run(one, tx -> {
                    assertEquals(1, tx.versions("t").size());
                    elsewhere(() -> run(other, same -> same.insert("t", "second", "{}", Map.of())));
                    tx.insert("u", "counted", "1", Map.of());
                }));
    }

    @Test
    void whoReadsOnlyIsNotRunAgainWhateverOthersChange() {
        run(one, tx -> tx.insert("t", "row", "0", Map.of()));
        AtomicInteger runs = new AtomicInteger();
        run(one, tx -> {
            runs.incrementAndGet();
            assertEquals("0", tx.get("t", "row").orElseThrow().body());
            elsewhere(() -> run(other, same -> same.update(same.get("t", "row").orElseThrow(), "1", Map.of())));
            assertEquals(1, tx.scan("t").size());
        });
        assertEquals(1, runs.get());
    }

    /** A transaction of another store, from another thread, as another process would run it. */
    private static void elsewhere(Runnable work) {
        CompletableFuture.runAsync(work).orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Its turn ends with its transaction, which the server ends if its process says nothing more. */
    @Test
    void aProcessThatIsStoppedInItsTurnHoldsUpTheOthersForTwoSeconds() throws SQLException {
        try (Connection stopped = DriverManager.getConnection(url, server.user(), server.password());
                Statement statement = stopped.createStatement()) {
            stopped.setAutoCommit(false);
            statement.execute(PostgresBackend.BEGIN_CHANGES);
            run(one, tx -> tx.insert("t", "row", "{}", Map.of()));
            assertThrows(SQLException.class, () -> statement.execute("SELECT 1"));
        }
        run(other, tx -> assertTrue(tx.get("t", "row").isPresent()));
    }
}
