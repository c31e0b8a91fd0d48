package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.spi.store.CommitOutcomeUnknown;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.StoredRow;
import io.gantry.store.jdbc.FaultyDisk.Faults;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store on H2 on a disk that is slow, full or broken. */
@Timeout(60)
final class H2FailuresTest {
    private static final String DISK = "faulty";
    private static final long SMALL = 300_000;
    private static final String BODY = "x".repeat(2000);

    private final Fault fault = new Fault();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Fails or waits where a file's name begins with a text, for as long as that is set. */
    private static final class Fault implements Faults {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile String holding = "-";
        private volatile String failingForce = "-";
        private volatile String failingWrite = "-";

        @Override
        public void write(String file) throws IOException {
            if (file.startsWith(failingWrite)) {
                throw new IOException("no space");
            }
        }

        @Override
        public void force(String file) throws IOException {
            if (file.startsWith(failingForce)) {
                throw new IOException("no disk");
            }
            if (file.startsWith(holding)) {
                reached.countDown();
                await(released);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void forgetTheDisk() {
        threads.shutdownNow();
        FaultyDisk.forget(DISK);
    }

    private JdbcStore open(long small) {
        String prefix = FaultyDisk.prefix(DISK, fault);
        return new JdbcStore(
                H2Backend.open(() -> H2Files.open(prefix, () -> {}), "memory", Clock.systemUTC(), small, () -> {}));
    }

    private static StoredRow insert(JdbcStore store, String key) {
        return store.transact(tx -> tx.insert("t", key, BODY, Map.of()));
    }

    private static List<String> keys(JdbcStore store) {
        return store.read(tx -> tx.scan("t").stream().map(StoredRow::key).toList());
    }

    @Test
    @DisplayName("while one transaction waits for the disk others commit; none returns before it is on disk")
    void forceIsOutsideTheLock() throws Exception {
        try (JdbcStore store = open(H2Backend.SMALL)) {
            fault.holding = "state-1";
            Future<StoredRow> first = threads.submit(() -> insert(store, "first"));
            await(fault.reached);
            CountDownLatch running = new CountDownLatch(1);
            Future<StoredRow> second = threads.submit(() -> store.transact(tx -> {
                running.countDown();
                return tx.insert("t", "second", BODY, Map.of());
            }));
            await(running);
            CountDownLatch seen = new CountDownLatch(1);
            Future<StoredRow> third = threads.submit(() -> store.transact(tx -> {
                StoredRow row = tx.get("t", "second").orElseThrow();
                seen.countDown();
                return row;
            }));
            await(seen);
            assertFalse(first.isDone() || second.isDone() || third.isDone());
            fault.released.countDown();
            assertEquals("first", first.get().key());
            assertEquals(second.get(), third.get());
        }
    }

    @ParameterizedTest(name = "failing {0}")
    @ValueSource(strings = {"force", "write"})
    @DisplayName("a disk that fails: the outcome is unknown, nothing is taken on until the store is opened again")
    void failingDisk(String call) {
        JdbcStore store = open(H2Backend.SMALL);
        insert(store, "before");
        if (call.equals("force")) {
            fault.failingForce = "state-1";
        } else {
            fault.failingWrite = "state-1";
        }
        assertThrows(CommitOutcomeUnknown.class, () -> insert(store, "lost"));
        fault.failingForce = "-";
        fault.failingWrite = "-";
        assertUnusable(store);
        store.close();
        try (JdbcStore again = open(H2Backend.SMALL)) {
            assertTrue(keys(again).contains("before"));
            insert(again, "after");
        }
    }

    private static void assertUnusable(JdbcStore store) {
        assertEquals(
                StoreUnavailable.class,
                assertThrows(StoreUnavailable.class, () -> insert(store, "later"))
                        .getClass());
        assertThrows(StoreUnavailable.class, () -> keys(store));
    }

    @Test
    @DisplayName("a copy that fails leaves the store as it is; it is made when it has grown as much again")
    void failingCopy() {
        try (JdbcStore store = open(SMALL)) {
            fault.failingWrite = "state-2";
            for (int i = 0; i < 50; i++) {
                insert(store, "k" + i);
            }
            assertTrue(FaultyDisk.size(DISK) > 1.5 * SMALL, FaultyDisk.size(DISK) + " bytes");
            fault.failingWrite = "-";
            for (int i = 50; i < 150; i++) {
                insert(store, "k" + i);
            }
            assertEquals(150, keys(store).size());
            assertTrue(FaultyDisk.exists(DISK, "state-3.mv.db") || FaultyDisk.exists(DISK, "state-2.mv.db"), "copied");
        }
        try (JdbcStore again = open(H2Backend.SMALL)) {
            assertEquals(150, keys(again).size());
        }
    }

    @Test
    @DisplayName("where it is not known which database will be found, nothing is taken on, and nothing is lost")
    void failingSwitch() {
        JdbcStore store = open(SMALL);
        fault.failingForce = "state.current";
        int inserted = 0;
        while (inserted < 100) {
            String key = "k" + inserted;
            try {
                insert(store, key);
                inserted++;
            } catch (CommitOutcomeUnknown e) {
                break;
            }
        }
        assertTrue(inserted < 100);
        fault.failingForce = "-";
        assertUnusable(store);
        store.close();
        try (JdbcStore again = open(H2Backend.SMALL)) {
            assertTrue(keys(again).size() >= inserted);
        }
    }

    @Test
    @DisplayName("who reads while the database is replaced sees one state to the end")
    void readAcrossACopy() throws Exception {
        try (JdbcStore store = open(SMALL)) {
            insert(store, "k0");
            store.read(tx -> {
                int before = tx.scan("t").size();
                Future<?> load = threads.submit(() -> {
                    for (int i = 1; i < 60; i++) {
                        insert(store, "k" + i);
                    }
                });
                assertThrowsNothing(load);
                assertEquals(before, tx.scan("t").size());
                return before;
            });
            assertEquals(60, keys(store).size());
            assertTrue(FaultyDisk.size(DISK) < 2_000_000, FaultyDisk.size(DISK) + " bytes");
        }
    }

    private static void assertThrowsNothing(Future<?> work) {
        try {
            work.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("6,000 changes of 200 rows: the files stay below the bound")
    void filesStayBounded() {
        long bound = 8L << 20;
        try (JdbcStore store = open(bound)) {
            for (int i = 0; i < 6_000; i++) {
                String key = "k" + i % 200;
                store.transact(tx -> tx.get("t", key)
                        .map(row -> tx.update(row, BODY, Map.of()))
                        .orElseGet(() -> tx.insert("t", key, BODY, Map.of())));
                if (i % 100 == 0) {
                    long size = FaultyDisk.size(DISK);
                    assertTrue(size < bound + (6L << 20), size + " bytes after " + i);
                }
            }
            assertEquals(200, keys(store).size());
        }
    }
}
