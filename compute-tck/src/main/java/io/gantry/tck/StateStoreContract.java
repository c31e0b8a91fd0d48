package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link StateStore} promises. A store that passes it works with the engine.
 *
 * <p>Transactions are <em>serialisable</em>, which is meant as follows. Take all transactions that returned; there is an
 * order of them such that, had they run one after the other in that order, each {@link Transaction#get},
 * {@link Transaction#scan} and {@link Transaction#find} would have yielded what it did yield. In particular:
 *
 * <ul>
 *   <li>no lost update: a row read and then written was not written by another one between;
 *   <li>no write skew: of two transactions that each read what the other one writes, one sees the other's change or
 *       ends in {@link StaleRow};
 *   <li>no phantom: the same holds for rows that a {@code scan} or {@code find} did not yield because they were not
 *       there yet;
 *   <li>a transaction that only reads sees one state throughout.
 * </ul>
 *
 * <p>A store may reach this by letting transactions wait, or by ending some of them in {@link StaleRow}; the caller
 * then runs them again. Of transactions that compete for ever, some one succeeds each time.
 */
public abstract class StateStoreContract extends StateStoreRowSpecifications {
    private static final int ROUNDS = 50;
    private static final long OVERTAKING_MILLIS = 300;

    /** Creates the contract. */
    protected StateStoreContract() {}

    @Test
    @DisplayName("overtaken: who read a row that another transaction then changed does not write over that change")
    void noLostUpdate() {
        run(tx -> tx.insert("t", "counter", "0", Map.of()));
        overtake(
                tx -> value(tx, "counter"),
                tx -> add(tx, "counter", 1),
                (tx, read) -> tx.update(row(tx, "t", "counter"), Long.toString(read + 1), Map.of()));
        run(tx -> assertEquals(2, value(tx, "counter")));
    }

    @Test
    @DisplayName(
            "overtaken: no write skew: each reads both accounts and empties one of them, and one of them stays full")
    void noWriteSkewWhenOvertaken() {
        run(tx -> {
            tx.insert("t", "one", "1", Map.of());
            tx.insert("t", "other", "1", Map.of());
        });
        overtake(tx -> value(tx, "one") + value(tx, "other"), tx -> emptyIfBothAreFull(tx, "other"), (tx, sum) -> {
            if (sum > 1) {
                add(tx, "one", -1);
            }
        });
        run(tx -> assertEquals(1, value(tx, "one") + value(tx, "other")));
    }

    @Test
    @DisplayName("overtaken: no phantom: of two that found no claim and then claim, one sees the other's")
    void noPhantomWhenOvertaken() {
        overtake(
                tx -> (long) tx.find("claims", "group", "g").size(),
                tx -> {
                    if (tx.scan("claims").isEmpty()) {
                        tx.insert("claims", "second", "{}", Map.of("group", "g"));
                    }
                },
                (tx, taken) -> {
                    if (taken == 0) {
                        tx.insert("claims", "first", "{}", Map.of("group", "g"));
                    }
                });
        run(tx -> assertEquals(1, tx.scan("claims").size()));
    }

    @Test
    @DisplayName("overtaken: who only reads sees the state before or after a transfer, not half of it")
    void noReadSkewWhenOvertaken() {
        run(tx -> {
            tx.insert("t", "from", "100", Map.of());
            tx.insert("t", "to", "0", Map.of());
        });
        AtomicLong sum = new AtomicLong();
        overtake(
                tx -> value(tx, "from"),
                tx -> {
                    add(tx, "from", -10);
                    add(tx, "to", 10);
                },
                (tx, from) -> sum.set(from + value(tx, "to")));
        assertEquals(100, sum.get());
    }

    @Test
    @DisplayName("overtaken: of two that found no row by its key and then add others, one sees the other's")
    void noAbsentRowIsOverlooked() {
        overtake(
                tx -> tx.get("t", "other").isPresent() ? 1L : 0L,
                tx -> {
                    if (tx.get("t", "one").isEmpty()) {
                        tx.insert("t", "other", "{}", Map.of());
                    }
                },
                (tx, taken) -> {
                    if (taken == 0) {
                        tx.insert("t", "one", "{}", Map.of());
                    }
                });
        run(tx -> assertEquals(1, tx.scan("t").size()));
    }

    /**
     * Runs a transaction that reads, lets another one run to its end if the store can do that meanwhile, and goes on. A
     * store that lets transactions wait for each other runs the other one afterwards.
     */
    private void overtake(
            Function<Transaction, Long> read, Consumer<Transaction> other, BiConsumer<Transaction, Long> write) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        AtomicReference<@Nullable Future<?>> overtaking = new AtomicReference<>();
        try {
            untilNotStale(tx -> {
                long seen = read.apply(tx);
                if (overtaking.get() == null) {
                    Future<?> begun = thread.submit(() -> untilNotStale(other));
                    overtaking.set(begun);
                    waitFor(begun, OVERTAKING_MILLIS);
                }
                write.accept(tx, seen);
            });
            assertTrue(
                    overtaking.get() != null && waitFor(overtaking.get(), 60_000),
                    "the other transaction does not end");
        } finally {
            thread.shutdownNow();
        }
    }

    private static boolean waitFor(Future<?> work, long millis) {
        try {
            work.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the other transaction failed: " + e, e);
        }
    }

    private static void emptyIfBothAreFull(Transaction tx, String account) {
        if (value(tx, "one") + value(tx, "other") > 1) {
            add(tx, account, -1);
        }
    }

    @Test
    @DisplayName("threads: 8 threads that increment one row lose nothing")
    void incrementsAreNotLost() {
        run(tx -> tx.insert("t", "counter", "0", Map.of()));
        Concurrently.run(thread -> {
            for (int i = 0; i < ROUNDS; i++) {
                untilNotStale(tx -> add(tx, "counter", 1));
            }
        });
        StoredRow counter = read("t", "counter").orElseThrow();
        assertEquals(Concurrently.THREADS * ROUNDS, Long.parseLong(counter.body()));
        assertEquals(1 + Concurrently.THREADS * ROUNDS, counter.version());
    }

    @Test
    @DisplayName("threads: of 8 threads that insert one key exactly one succeeds, the others see a Conflict")
    void oneInsertWins() {
        for (int round = 0; round < 20; round++) {
            String key = "k" + round;
            AtomicInteger won = new AtomicInteger();
            AtomicInteger lost = new AtomicInteger();
            Concurrently.run(thread -> {
                try {
                    untilNotStale(tx -> tx.insert("t", key, "{}", Map.of()));
                    won.incrementAndGet();
                } catch (Conflict e) {
                    lost.incrementAndGet();
                }
            });
            assertEquals(1, won.get());
            assertEquals(Concurrently.THREADS - 1, lost.get());
        }
    }

    @Test
    @DisplayName("threads: no write skew: two accounts that may not both be emptied never are")
    void noWriteSkew() {
        for (int round = 0; round < ROUNDS; round++) {
            String one = "one" + round;
            String other = "other" + round;
            run(tx -> {
                tx.insert("t", one, "1", Map.of());
                tx.insert("t", other, "1", Map.of());
            });
            Concurrently.run(thread -> untilNotStale(tx -> {
                long sum = value(tx, one) + value(tx, other);
                String mine = thread % 2 == 0 ? one : other;
                if (sum > 1 && value(tx, mine) > 0) {
                    add(tx, mine, -1);
                }
            }));
            run(tx -> assertEquals(1, value(tx, one) + value(tx, other)));
        }
    }

    @Test
    @DisplayName("threads: no phantom: 8 racers for 3 places that are counted with find and scan: exactly 3 win")
    void noPhantom() {
        for (int round = 0; round < ROUNDS; round++) {
            String group = "g" + round;
            String table = "claims" + round;
            AtomicInteger won = new AtomicInteger();
            Concurrently.run(thread -> {
                AtomicBoolean mine = new AtomicBoolean();
                untilNotStale(tx -> {
                    mine.set(false);
                    int taken = thread % 2 == 0
                            ? tx.find(table, "group", group).size()
                            : tx.scan(table).size();
                    if (taken < 3) {
                        tx.insert(table, "claim" + thread, "{}", Map.of("group", group));
                        mine.set(true);
                    }
                });
                if (mine.get()) {
                    won.incrementAndGet();
                }
            });
            assertEquals(3, won.get());
            run(tx -> assertEquals(3, tx.scan(table).size()));
        }
    }

    @Test
    @DisplayName("threads: who only reads sees one state throughout: transfers never change the sum")
    void readersSeeOneState() {
        int accounts = 5;
        run(tx -> {
            for (int i = 0; i < accounts; i++) {
                tx.insert("t", "account" + i, "100", Map.of("kind", "account"));
            }
        });
        Concurrently.run(thread -> {
            for (int i = 0; i < ROUNDS; i++) {
                int from = (thread + i) % accounts;
                int to = (thread * 3 + i + 1) % accounts;
                if (thread % 2 == 0 && from != to) {
                    untilNotStale(tx -> {
                        add(tx, "account" + from, -1);
                        add(tx, "account" + to, 1);
                    });
                } else {
                    untilNotStale(tx -> {
                        long byScan = tx.scan("t").stream()
                                .mapToLong(row -> Long.parseLong(row.body()))
                                .sum();
                        long byFind = tx.find("t", "kind", "account").stream()
                                .mapToLong(row -> Long.parseLong(row.body()))
                                .sum();
                        assertEquals(100L * accounts, byScan);
                        assertEquals(byScan, byFind);
                    });
                }
            }
        });
    }

    @Test
    @DisplayName("threads: a failed transaction among successful ones leaves no trace")
    void failuresAmongSuccesses() {
        run(tx -> tx.insert("t", "counter", "0", Map.of()));
        Concurrently.run(thread -> {
            for (int i = 0; i < ROUNDS; i++) {
                boolean fails = i % 3 == 0;
                try {
                    untilNotStale(tx -> {
                        add(tx, "counter", 1);
                        if (fails) {
                            throw new IllegalStateException("on purpose");
                        }
                    });
                } catch (IllegalStateException e) {
                    assertTrue(fails, "only what was made to fail fails");
                }
            }
        });
        long failing = (ROUNDS + 2) / 3;
        run(tx -> assertEquals(Concurrently.THREADS * (ROUNDS - failing), value(tx, "counter")));
    }

    private void untilNotStale(Consumer<Transaction> work) {
        while (true) {
            try {
                store().<@Nullable Void>transact(tx -> {
                    work.accept(tx);
                    return null;
                });
                return;
            } catch (StaleRow e) {
                Thread.onSpinWait();
            }
        }
    }

    private static long value(Transaction tx, String key) {
        return Long.parseLong(row(tx, "t", key).body());
    }

    private static void add(Transaction tx, String key, long amount) {
        StoredRow row = row(tx, "t", key);
        tx.update(row, Long.toString(Long.parseLong(row.body()) + amount), row.attributes());
    }
}
