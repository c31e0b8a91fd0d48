package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.spi.store.StoredRow;
import io.gantry.store.jdbc.H2Files.Entries;
import io.gantry.store.jdbc.LossyDisk.Recording;
import io.gantry.store.jdbc.LossyDisk.Unforced;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The store on H2 when power fails at any moment: it opens, has every transaction that was acknowledged, and of each
 * other one all or nothing.
 */
final class PowerLossTest {
    private static final int THREADS = 4;
    private static final int TRANSACTIONS = 60;
    private static final int PAIRS = 20;
    private static final int POINTS = 55;
    private static final int HUGE_POINTS = 15;
    private static final int HUGE_ROWS = 12;

    /** Lets the database be copied several times during a load. */
    private static final long SMALL = 100_000;

    private final List<String> disks = new ArrayList<>();

    /** A transaction that was acknowledged: after so many calls to the disk its version was there. */
    private record Acknowledged(int calls, String pair, long version) {}

    @AfterEach
    void forgetTheDisks() {
        disks.forEach(LossyDisk::forget);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("every acknowledged transaction is there, and no half of one; also while the database is being copied")
    void acknowledgedTransactionsSurvive(long seed) throws Exception {
        Recording recording = new Recording();
        List<Acknowledged> acknowledged = load(recording, seed);
        List<Integer> switches = recording.writesTo("state.current");
        assertTrue(switches.size() > 3, "copied " + (switches.size() - 1) + " times");
        for (Unforced unforced : Unforced.values()) {
            Random random = new Random(seed);
            IntStream anywhere = random.ints(POINTS * 2 / 3, 0, recording.now() + 1);
            IntStream nearSwitches = random.ints(POINTS - POINTS * 2 / 3, 0, switches.size())
                    .map(i -> Math.max(0, switches.get(i) + 3 - random.nextInt(25)));
            List<Integer> points =
                    IntStream.concat(anywhere, nearSwitches).sorted().boxed().toList();
            losePowerAt(points, recording, unforced, random, (store, point) -> problem(store, point, acknowledged));
        }
    }

    @ParameterizedTest(name = "what was not forced is {0}")
    @EnumSource
    @DisplayName("a transaction of several megabytes, of which H2 writes parts before it ends, is there or is not")
    void hugeTransaction(Unforced unforced) throws Exception {
        Recording recording = new Recording();
        int before;
        int after;
        try (JdbcStore store =
                open(LossyDisk.prefix(disk("huge" + unforced), recording), recording::forceNames, H2Backend.SMALL)) {
            store.transact(tx -> tx.insert("t", "before", "{}", Map.of()));
            before = recording.now();
            insertHuge(store);
            after = recording.now();
            store.transact(tx -> tx.insert("t", "after", "{}", Map.of()));
        }
        Random random = new Random(4);
        List<Integer> points = random.ints(HUGE_POINTS, before, recording.now() + 1)
                .sorted()
                .boxed()
                .toList();
        losePowerAt(points, recording, unforced, random, (store, point) -> {
            int rows = store.<Integer>read(tx -> tx.scan("huge").size());
            boolean kept = store.<Boolean>read(tx -> tx.get("t", "before").isPresent());
            boolean whole = rows == HUGE_ROWS || (rows == 0 && point < after);
            return (kept && whole) ? "" : rows + " rows, acknowledged after call " + after;
        });
    }

    private static void insertHuge(JdbcStore store) {
        store.<@Nullable Void>transact(tx -> {
            for (int i = 0; i < HUGE_ROWS; i++) {
                tx.insert("huge", "k" + i, "x".repeat(400_000), Map.of());
            }
            return null;
        });
    }

    /** Says what is wrong with a store that was opened after power was lost. */
    @FunctionalInterface
    private interface Look {
        String problem(JdbcStore store, int point);
    }

    private void losePowerAt(List<Integer> points, Recording recording, Unforced unforced, Random random, Look look)
            throws Exception {
        recording.replay(points, (point, disk) -> {
            String name = disk("found" + unforced + disks.size());
            disk.losePower(unforced, random, name);
            try (JdbcStore store = open("memFS:/" + name + "/", () -> {}, H2Backend.SMALL)) {
                assertEquals("", look.problem(store, point), unforced + ", power lost after call " + point);
                store.transact(tx -> tx.insert("t", "later", "{}", Map.of()));
            } finally {
                LossyDisk.forget(name);
            }
        });
    }

    private List<Acknowledged> load(Recording recording, long seed) throws Exception {
        JdbcStore store = open(LossyDisk.prefix(disk("load" + seed), recording), recording::forceNames, SMALL);
        ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Random random = new Random(seed * THREADS + t);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < TRANSACTIONS; i++) {
                        acknowledged.add(changePair(store, recording, "p" + random.nextInt(PAIRS), random));
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
            store.close();
        }
        return List.copyOf(acknowledged);
    }

    /** Changes two rows and their attributes to the same new value. */
    private static Acknowledged changePair(JdbcStore store, Recording recording, String pair, Random random) {
        String filler = "x".repeat(random.nextInt(3000));
        long version = store.transact(tx -> {
            StoredRow left = tx.get("left", pair).orElse(null);
            StoredRow right = tx.get("right", pair).orElse(null);
            if (left == null || right == null) {
                tx.insert("left", pair, "1" + filler, Map.of("n", "1"));
                tx.insert("right", pair, "1" + filler, Map.of("n", "1"));
                return 1L;
            }
            long next = left.version() + 1;
            tx.update(left, next + filler, Map.of("n", Long.toString(next)));
            tx.update(right, next + filler, Map.of("n", Long.toString(next)));
            return next;
        });
        return new Acknowledged(recording.now(), pair, version);
    }

    private static String problem(JdbcStore store, int point, List<Acknowledged> acknowledged) {
        return store.read(tx -> {
            List<StoredRow> left = tx.scan("left");
            List<StoredRow> right = tx.scan("right");
            for (StoredRow row : left) {
                StoredRow other = tx.get("right", row.key()).orElse(null);
                if (other == null
                        || !other.body().equals(row.body())
                        || !row.body().startsWith("" + row.version())) {
                    return "half a transaction: " + row.key();
                }
                String n = Long.toString(row.version());
                if (!row.attributes().equals(Map.of("n", n))
                        || !tx.find("left", "n", n).contains(row)) {
                    return "attributes of another version: " + row;
                }
            }
            if (left.size() != right.size()) {
                return "half a transaction";
            }
            for (Acknowledged each : acknowledged) {
                if (each.calls <= point
                        && tx.get("left", each.pair).map(StoredRow::version).orElse(0L) < each.version) {
                    return "lost: " + each;
                }
            }
            return "";
        });
    }

    private static JdbcStore open(String prefix, Entries entries, long small) {
        return new JdbcStore(
                H2Backend.open(() -> H2Files.open(prefix, entries), "memory", Clock.systemUTC(), small, () -> {}));
    }

    private String disk(String name) {
        disks.add(name);
        return name;
    }
}
