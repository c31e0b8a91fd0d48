package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.store.StoredRow;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The store on H2 when power fails at any moment: it opens, has every transaction that was acknowledged, and of each
 * other one all or nothing.
 */
final class PowerLossTest {
    private static final int THREADS = 4;
    private static final int TRANSACTIONS = 40;
    private static final int POINTS = 50;

    private final List<String> disks = new ArrayList<>();

    /** A transaction that was acknowledged: after so many calls to the disk its version was there. */
    private record Acknowledged(int calls, String pair, long version) {}

    @AfterEach
    void forgetTheDisks() {
        disks.forEach(LossyDisk::forget);
    }

    @ParameterizedTest(name = "what was not forced is {0}")
    @EnumSource
    @DisplayName("every acknowledged transaction is there, and no half of one")
    void acknowledgedTransactionsSurvive(Unforced unforced) throws Exception {
        Random random = new Random(20_261_125);
        Recording recording = new Recording();
        List<Acknowledged> acknowledged = load(recording);
        List<Integer> points =
                random.ints(POINTS, 0, recording.now() + 1).sorted().boxed().toList();
        recording.replay(points, (point, disk) -> {
            String name = disk("found" + unforced + disks.size());
            disk.losePower(unforced, random, name);
            try (JdbcStore store = open("memFS:/" + name + "/")) {
                assertEquals("", problem(store, point, acknowledged), "power lost after call " + point);
            } finally {
                LossyDisk.forget(name);
            }
        });
    }

    private List<Acknowledged> load(Recording recording) throws Exception {
        String disk = disk("load" + disks.size());
        JdbcStore store = open(LossyDisk.prefix(disk, recording));
        ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Random random = new Random(t);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < TRANSACTIONS; i++) {
                        acknowledged.add(changePair(store, recording, "p" + random.nextInt(40), random));
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

    private static JdbcStore open(String prefix) {
        return new JdbcStore(H2Backend.open(prefix + "state", "memory", Clock.systemUTC(), () -> {}));
    }

    private String disk(String name) {
        disks.add(name);
        return name;
    }
}
