package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.error.Conflict;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The part of the store contract that is about one caller at a time: rows, versions, attributes, atomicity. It holds for
 * tables and keys of any text; order is that of {@link String#compareTo}.
 */
abstract class StateStoreRowSpecifications {
    private @Nullable StateStore store;

    StateStoreRowSpecifications() {}

    /**
     * {@return a new, empty store}
     *
     * @throws Exception fails the test
     */
    protected abstract StateStore newStore() throws Exception;

    /**
     * Opens the data of a store again that was closed; a store that keeps its data in memory has none.
     *
     * @param closed what {@link #newStore} made, closed since
     * @return a store with the same data; empty by default
     * @throws Exception fails the test
     */
    protected Optional<StateStore> reopen(StateStore closed) throws Exception {
        return Optional.empty();
    }

    @BeforeEach
    final void openTheStore() throws Exception {
        store = newStore();
    }

    @AfterEach
    final void closeTheStore() {
        store().close();
    }

    final StateStore store() {
        if (store == null) {
            throw new AssertionError("the store was not opened");
        }
        return store;
    }

    final void run(Consumer<Transaction> work) {
        store().<@Nullable Void>transact(tx -> {
            work.accept(tx);
            return null;
        });
    }

    final Optional<StoredRow> read(String table, String key) {
        return store().transact(tx -> tx.get(table, key));
    }

    static StoredRow row(Transaction tx, String table, String key) {
        return tx.get(table, key).orElseThrow(() -> new AssertionError(table + " " + key + " is not there"));
    }

    @Test
    @DisplayName("get: a row that was never written is not there, in a table that was never written to")
    void nothingIsThere() {
        run(tx -> {
            assertEquals(Optional.empty(), tx.get("instances", "a"));
            assertEquals(List.of(), tx.scan("instances"));
            assertEquals(List.of(), tx.find("instances", "host", "h1"));
        });
    }

    @Test
    @DisplayName("versions: that of each row of the table, those of the transaction's own changes included")
    void versionsAreThoseOfTheRows() {
        assertEquals(Map.of(), store().<Map<String, Long>>transact(tx -> tx.versions("t")));
        run(tx -> {
            tx.insert("t", "a", "{}", Map.of());
            tx.insert("t", "b", "{}", Map.of());
            tx.insert("u", "c", "{}", Map.of());
        });
        run(tx -> {
            tx.update(row(tx, "t", "a"), "[]", Map.of());
            tx.delete(row(tx, "t", "b"));
            tx.insert("t", "d", "{}", Map.of());
            assertEquals(Map.of("a", 2L, "d", 1L), tx.versions("t"));
        });
        assertEquals(Map.of("a", 2L, "d", 1L), store().<Map<String, Long>>read(tx -> tx.versions("t")));
    }

    @Test
    @DisplayName("insert: version 1, with body and attributes as given, visible within and after the transaction")
    void insertedRowIsThere() {
        StoredRow expected = new StoredRow("instances", "a", 1, "{\"n\":1}", Map.of("host", "h1"));
        run(tx -> {
            assertEquals(expected, tx.insert("instances", "a", "{\"n\":1}", Map.of("host", "h1")));
            assertEquals(Optional.of(expected), tx.get("instances", "a"));
        });
        assertEquals(Optional.of(expected), read("instances", "a"));
    }

    @Test
    @DisplayName("insert: bodies, keys and values come back as they were given: quotes, braces, scripts, long text")
    void textSurvives() {
        String odd = "{\"text\":\"'; drop table x; -- \\\"%_\\\\ \u00e4\u6f22\ud83d\ude80\"}";
        String large = "{\"a\":\"" + "x".repeat(200_000) + "\"}";
        run(tx -> {
            tx.insert("t", "k'\"%_ \u00e4", odd, Map.of("a'%_", "v'%_\u6f22"));
            tx.insert("t", "large", large, Map.of());
        });
        run(tx -> {
            assertEquals(odd, row(tx, "t", "k'\"%_ \u00e4").body());
            assertEquals(large, row(tx, "t", "large").body());
            assertEquals(1, tx.find("t", "a'%_", "v'%_\u6f22").size());
            assertEquals(0, tx.find("t", "a'%_", "v'__\u6f22").size(), "values are compared, not matched as patterns");
        });
    }

    @Test
    @DisplayName("insert: a key that is taken is a Conflict, and the old row stays; other tables have their own keys")
    void takenKeyIsConflict() {
        run(tx -> tx.insert("t", "k", "{}", Map.of()));
        assertThrows(Conflict.class, () -> run(tx -> tx.insert("t", "k", "[]", Map.of())));
        assertEquals("{}", read("t", "k").orElseThrow().body());
        run(tx -> tx.insert("u", "k", "{}", Map.of()));
        assertThrows(
                Conflict.class,
                () -> run(tx -> {
                    tx.insert("t", "twice", "{}", Map.of());
                    tx.insert("t", "twice", "{}", Map.of());
                }));
        assertEquals(Optional.empty(), read("t", "twice"));
    }

    @Test
    @DisplayName("update: raises the version by 1 each time, also within one transaction")
    void updateRaisesTheVersion() {
        run(tx -> {
            StoredRow first = tx.insert("t", "k", "1", Map.of());
            StoredRow second = tx.update(first, "2", Map.of("a", "b"));
            assertEquals(new StoredRow("t", "k", 2, "2", Map.of("a", "b")), second);
            assertEquals(3, tx.update(second, "3", Map.of()).version());
        });
        assertEquals(new StoredRow("t", "k", 3, "3", Map.of()), read("t", "k").orElseThrow());
    }

    @Test
    @DisplayName("update, delete: with a row that has changed or gone since, StaleRow names table and key")
    void staleRowIsRefused() {
        StoredRow first = store().transact(tx -> tx.insert("t", "k", "1", Map.of()));
        run(tx -> tx.update(first, "2", Map.of()));
        StaleRow stale = assertThrows(StaleRow.class, () -> run(tx -> tx.update(first, "3", Map.of())));
        assertEquals(Optional.of(new ResourceRef("t", "k")), stale.resource());
        assertThrows(StaleRow.class, () -> run(tx -> tx.delete(first)));
        assertEquals("2", read("t", "k").orElseThrow().body());

        StoredRow second = read("t", "k").orElseThrow();
        run(tx -> tx.delete(second));
        assertThrows(StaleRow.class, () -> run(tx -> tx.update(second, "3", Map.of())));
        assertThrows(StaleRow.class, () -> run(tx -> tx.delete(second)));
        assertEquals(Optional.empty(), read("t", "k"));
    }

    @Test
    @DisplayName("update, delete: stale already within the transaction that changed the row itself")
    void staleWithinOneTransaction() {
        StoredRow first = store().transact(tx -> tx.insert("t", "k", "1", Map.of()));
        assertThrows(
                StaleRow.class,
                () -> run(tx -> {
                    tx.update(first, "2", Map.of());
                    tx.update(first, "3", Map.of());
                }));
        assertEquals("1", read("t", "k").orElseThrow().body(), "nothing of a failed transaction stays");
    }

    @Test
    @DisplayName("delete: the row is gone within and after the transaction; its key can be used again, from version 1")
    void deletedRowIsGone() {
        run(tx -> tx.update(tx.insert("t", "k", "1", Map.of("a", "b")), "2", Map.of("a", "b")));
        run(tx -> {
            tx.delete(row(tx, "t", "k"));
            assertEquals(Optional.empty(), tx.get("t", "k"));
            assertEquals(List.of(), tx.find("t", "a", "b"));
            assertEquals(List.of(), tx.scan("t"));
            assertEquals(1, tx.insert("t", "k", "3", Map.of()).version());
        });
        assertEquals(1, read("t", "k").orElseThrow().version());
    }

    @Test
    @DisplayName("find: follows each change of the attributes, within and after the transaction")
    void findFollowsAttributes() {
        run(tx -> {
            tx.insert("t", "k", "{}", Map.of("host", "h1", "state", "ACTIVE"));
            assertEquals(List.of("k"), keys(tx.find("t", "host", "h1")));
            tx.update(row(tx, "t", "k"), "{}", Map.of("host", "h2"));
            assertEquals(List.of(), keys(tx.find("t", "host", "h1")));
            assertEquals(List.of("k"), keys(tx.find("t", "host", "h2")));
            assertEquals(List.of(), keys(tx.find("t", "state", "ACTIVE")), "an attribute that is left out is gone");
        });
        run(tx -> {
            assertEquals(List.of("k"), keys(tx.find("t", "host", "h2")));
            assertEquals(List.of(), keys(tx.find("u", "host", "h2")), "of this table only");
            tx.delete(row(tx, "t", "k"));
        });
        run(tx -> assertEquals(List.of(), keys(tx.find("t", "host", "h2"))));
    }

    @Test
    @DisplayName("find, scan: by key, in the order of the characters' codes")
    void listsAreByKey() {
        run(tx -> List.of("b", "a10", "a", "B", "a2", "_", "-")
                .forEach(key -> tx.insert("t", key, "{}", Map.of("a", "v"))));
        List<String> ordered = List.of("-", "B", "_", "a", "a10", "a2", "b");
        run(tx -> {
            assertEquals(ordered, keys(tx.scan("t")));
            assertEquals(ordered, keys(tx.find("t", "a", "v")));
        });
    }

    @Test
    @DisplayName("transact: what the function throws comes out as it is, and nothing of its changes stays")
    void failedTransactionLeavesNothing() {
        run(tx -> {
            tx.insert("t", "changed", "1", Map.of("a", "old"));
            tx.insert("t", "deleted", "1", Map.of("a", "old"));
        });
        IllegalStateException thrown = new IllegalStateException("on purpose");
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> run(tx -> {
                            tx.insert("t", "new", "1", Map.of("a", "new"));
                            tx.update(row(tx, "t", "changed"), "2", Map.of("a", "new"));
                            tx.delete(row(tx, "t", "deleted"));
                            throw thrown;
                        })));
        run(tx -> {
            assertEquals(List.of("changed", "deleted"), keys(tx.scan("t")));
            assertEquals(List.of("changed", "deleted"), keys(tx.find("t", "a", "old")));
            assertEquals(List.of(), keys(tx.find("t", "a", "new")));
            assertEquals(1, row(tx, "t", "changed").version());
        });
    }

    @Test
    @DisplayName("transact: yields what the function returned, null too")
    void resultComesBack() {
        assertEquals(42, store().<Integer>transact(tx -> 42));
        assertEquals(null, store().<@Nullable String>transact(tx -> null));
    }

    @Test
    @DisplayName("transact: a transaction is of no use after its end")
    void transactionEnds() {
        Transaction leaked = store().transact(tx -> tx);
        assertThrows(RuntimeException.class, () -> leaked.insert("t", "k", "{}", Map.of()));
        assertEquals(Optional.empty(), read("t", "k"));
    }

    @Test
    @DisplayName("read: sees what was committed, yields what the function returned, and refuses changes")
    void readOnlyReads() {
        StoredRow row = store().transact(tx -> tx.insert("t", "k", "{}", Map.of("a", "b")));
        assertEquals(List.of(row), store().<List<StoredRow>>read(tx -> tx.find("t", "a", "b")));
        assertEquals(List.of(row), store().<List<StoredRow>>read(tx -> tx.scan("t")));
        assertThrows(IllegalStateException.class, () -> store().read(tx -> tx.insert("t", "new", "{}", Map.of())));
        assertThrows(IllegalStateException.class, () -> store().read(tx -> tx.update(row, "[]", Map.of())));
        assertThrows(
                IllegalStateException.class,
                () -> store().<@Nullable Void>read(tx -> {
                    tx.delete(row);
                    return null;
                }));
        run(tx -> assertEquals(List.of(row), tx.scan("t")));
    }

    @Test
    @DisplayName("now: does not run backwards from one transaction to the next, whether they read or change")
    void timeDoesNotRunBackwards() {
        Instant before = store().transact(Transaction::now);
        for (int i = 0; i < 20; i++) {
            boolean reads = i % 2 == 0;
            Instant now = reads ? store().read(Transaction::now) : store().transact(Transaction::now);
            assertFalse(now.isBefore(before), now + " is before " + before);
            before = now;
        }
    }

    @Test
    @DisplayName("close: twice is fine; a durable store has everything again when it is opened again")
    void dataSurvivesClosing() throws Exception {
        run(tx -> tx.insert("t", "k", "{\"n\":1}", Map.of("a", "b")));
        StateStore first = store();
        first.close();
        first.close();
        Optional<StateStore> again = reopen(first);
        assumeTrue(again.isPresent(), "the store keeps nothing beyond its life");
        store = again.get();
        assertNotEquals(first, store());
        run(tx -> assertEquals(
                List.of(new StoredRow("t", "k", 1, "{\"n\":1}", Map.of("a", "b"))), tx.find("t", "a", "b")));
    }

    static List<String> keys(List<StoredRow> rows) {
        return rows.stream().map(StoredRow::key).toList();
    }
}
