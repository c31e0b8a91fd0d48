package io.gantry.store.jdbc;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of callers that wait at the same time. */
@Timeout(60)
final class GroupCommitTest {
    private final H2Database database;
    private final Failures failures = new Failures("here");
    private final Counted counted = new Counted();
    private final GroupCommit group = new GroupCommit(counted, failures, session -> Instant.EPOCH, Duration.ZERO);
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    GroupCommitTest(@TempDir Path directory) throws SQLException, IOException {
        database = H2Database.open("file:" + directory.resolve("group"), failures);
    }

    /** Counts commits, and lets one begin or commit fail. */
    private final class Counted implements GroupCommit.Database {
        private int begun;
        private int commits;
        private int failingBegin = -1;
        private int failingCommit = -1;

        @Override
        public Unit begin() throws SQLException {
            if (begun++ == failingBegin) {
                throw new SQLException("nobody there", "08001");
            }
            return new Unit(database.writer());
        }

        @Override
        public void write(Unit unit) throws SQLException {
            unit.writes().run(unit.session());
        }

        @Override
        public void commit(Unit unit) throws SQLException {
            if (commits++ == failingCommit) {
                throw new SQLException("collided", "40001");
            }
            unit.session().connection().commit();
        }

        @Override
        public long end(Unit unit, boolean committed) {
            try {
                unit.session().connection().rollback();
                return commits;
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeEach
    void hold() throws InterruptedException {
        FutureTask<StoredRow> first = start(tx -> {
            holding.countDown();
            await(released);
            return tx.insert("t", "first", "1", Map.of());
        });
        holding.await();
        assertFalse(first.isDone());
    }

    @AfterEach
    void close() throws SQLException, IOException {
        released.countDown();
        database.retire(() -> {});
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private <T> FutureTask<T> start(Function<Transaction, T> work) {
        FutureTask<T> task = new FutureTask<>(() -> group.<T>transact(work).get());
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        while (holding.getCount() == 0 && thread.isAlive() && thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return task;
    }

    private static StoredRow inserted(Transaction tx, String key) {
        return tx.insert("t", key, "1", Map.of("a", "b"));
    }

    private static Throwable failure(FutureTask<?> task) throws InterruptedException {
        try {
            throw new AssertionError("it yielded " + task.get());
        } catch (ExecutionException e) {
            return requireNonNull(e.getCause());
        }
    }

    private List<String> keys() {
        return group.<List<String>>transact(
                        tx -> tx.scan("t").stream().map(StoredRow::key).toList())
                .get();
    }

    @Test
    @DisplayName("those who waited share a commit, see what was done before them, and lose only what they threw away")
    void waitersShareACommit() throws Exception {
        FutureTask<StoredRow> one = start(tx -> inserted(tx, "one"));
        FutureTask<StoredRow> dropped = start(tx -> {
            inserted(tx, "dropped");
            tx.update(tx.get("t", "one").orElseThrow(), "2", Map.of());
            throw new IllegalStateException("on purpose");
        });
        FutureTask<StoredRow> changing =
                start(tx -> tx.update(tx.get("t", "one").orElseThrow(), "3", Map.of("a", "c")));
        FutureTask<List<StoredRow>> finding = start(tx -> tx.find("t", "a", "c"));
        FutureTask<StoredRow> twice = start(tx -> inserted(tx, "one"));
        released.countDown();

        assertEquals(1, one.get().version());
        assertInstanceOf(IllegalStateException.class, failure(dropped));
        assertEquals(2, changing.get().version());
        assertEquals(List.of(changing.get()), finding.get());
        assertInstanceOf(Conflict.class, failure(twice));
        assertEquals(2, counted.commits, "of the first one, and of the group");
        assertEquals(List.of("first", "one"), keys());
    }

    @Test
    @DisplayName("when their commit fails, all fail whose answer may come from it")
    void failedCommit() throws Exception {
        counted.failingCommit = 1;
        FutureTask<StoredRow> early = start(tx -> {
            throw new IllegalStateException("on purpose");
        });
        FutureTask<StoredRow> one = start(tx -> inserted(tx, "one"));
        FutureTask<Integer> reading = start(tx -> tx.scan("t").size());
        FutureTask<StoredRow> twice = start(tx -> inserted(tx, "one"));
        released.countDown();

        assertInstanceOf(IllegalStateException.class, failure(early));
        assertInstanceOf(StaleRow.class, failure(one));
        assertInstanceOf(StaleRow.class, failure(reading));
        assertInstanceOf(StaleRow.class, failure(twice));
        assertEquals(List.of("first"), keys());
    }

    @Test
    @DisplayName("when the database cannot be reached, those who waited are told at once, and the next one tries again")
    void failedBegin() throws Exception {
        counted.failingBegin = 1;
        List<FutureTask<StoredRow>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String key = "k" + i;
            waiting.add(start(tx -> inserted(tx, key)));
        }
        released.countDown();

        for (FutureTask<StoredRow> task : waiting) {
            assertInstanceOf(StoreUnavailable.class, failure(task));
        }
        assertEquals(2, counted.begun);
        assertTrue(keys().contains("first"));
    }
}
