package io.gantry.jmh.store;

import io.gantry.core.store.InMemoryStore;
import io.gantry.driver.sim.SimFleet;
import io.gantry.instance.InstanceId;
import io.gantry.jmh.node.Scratch;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.jmh.scene.Stage;
import io.gantry.spi.store.StateStore;
import io.gantry.store.jdbc.JdbcStore;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Creates and deletes instances on instant hosts, with each store, and compares the rate with what the disk allows. */
public final class StoreRun {
    private static final int[] CALLERS = {1, 16};
    private static final int PAGE = 4096;
    private static final double SECOND = 1e9;

    /** Of what the engine's own work and its syncs allow, one caller on H2 reaches at least so much. */
    private static final double BOUND = 0.25;

    private final Scratch scratch;
    private final Duration warmUp;
    private final Duration measured;

    private StoreRun(Scratch scratch, boolean isShort) {
        this.scratch = scratch;
        this.warmUp = Duration.ofSeconds(isShort ? 3 : 10);
        this.measured = Duration.ofSeconds(isShort ? 8 : 30);
    }

    /** Runs the comparison; exits with 1 if the bound does not hold. */
    public static void main(String... args) throws Exception {
        Scratch scratch = Scratch.create("gantry-store");
        System.exit(new StoreRun(scratch, List.of(args).contains("--short")).run() ? 0 : 1);
    }

    /**
     * What was measured.
     *
     * @param operations creates and deletes per second
     * @param writes transactions that changed something, per operation
     * @param syncs of this disk per second, before and after on average
     */
    private record Row(String store, int callers, double operations, double writes, double syncs) {
        /** {@return the share of what the disk's syncs allow if each write waits for one of its own} */
        double ofSyncs() {
            return operations / (syncs / writes);
        }

        /** {@return the share of what the engine's own work and then those syncs allow} */
        double ofBoth(Row inMemory) {
            return operations / callers * (callers / inMemory.operations + writes / syncs);
        }
    }

    private boolean run() throws Exception {
        List<Row> rows = new ArrayList<>();
        rows.addAll(rows("in-memory", InMemoryStore::create));
        rows.addAll(rows("H2", () -> JdbcStore.h2(scratch.directory().resolve("h2-" + System.nanoTime()))));
        try (PostgresServer postgres = PostgresServer.start()) {
            scratch.alsoClose(postgres);
            rows.addAll(rows(
                    "PostgreSQL",
                    () -> JdbcStore.postgres(postgres.newSchema(), postgres.user(), postgres.password())));
        }
        System.out.printf(
                "%-11s %7s %8s %9s %12s %9s %9s %9s%n",
                "store", "callers", "ops/s", "writes/op", "ms per write", "fsyncs/s", "of fsyncs", "of both");
        rows.forEach(row -> System.out.printf(
                "%-11s %7d %8.1f %9.1f %12.2f %9.0f %9.2f %9.2f%n",
                row.store(),
                row.callers(),
                row.operations(),
                row.writes(),
                row.callers() * 1000 / (row.operations() * row.writes()),
                row.syncs(),
                row.ofSyncs(),
                row.ofBoth(row(rows, "in-memory", row.callers()))));
        Row h2 = row(rows, "H2", 1);
        double share = h2.ofBoth(row(rows, "in-memory", 1));
        boolean holds = share >= BOUND;
        System.out.printf(
                "store: H2, 1 caller: %.1f operations/s of %.1f writes each, %.2f of what %.0f fsyncs/s and the engine's own"
                        + " work allow (bound %.2f): %s%n",
                h2.operations(), h2.writes(), share, h2.syncs(), BOUND, holds ? "holds" : "DOES NOT HOLD");
        return holds;
    }

    private static Row row(List<Row> rows, String store, int callers) {
        return rows.stream()
                .filter(row -> row.store().equals(store) && row.callers() == callers)
                .findFirst()
                .orElseThrow();
    }

    private List<Row> rows(String name, Callable<StateStore> stores) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int callers : CALLERS) {
            CountingStore store = new CountingStore(stores.call());
            try (SimFleet fleet = SimFleet.create();
                    Stage stage = Stage.open(
                            fleet.driver(),
                            store,
                            RemoteFleet.machines(fleet),
                            scratch.directory().resolve(name + callers),
                            "host-",
                            Stage.settings("store", true))) {
                stage.furnish();
                pairs(stage, callers, warmUp);
                double before = syncs();
                long writes = store.writes();
                long begin = System.nanoTime();
                long operations = 2 * pairs(stage, callers, measured);
                double seconds = (System.nanoTime() - begin) / SECOND;
                double perOperation = (double) (store.writes() - writes) / operations;
                rows.add(new Row(name, callers, operations / seconds, perOperation, (before + syncs()) / 2));
            }
        }
        return rows;
    }

    private static long pairs(Stage stage, int callers, Duration time) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            long end = System.nanoTime() + time.toNanos();
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                counts.add(threads.submit(() -> pairsUntil(stage, end)));
            }
            long pairs = 0;
            for (Future<Long> count : counts) {
                pairs += count.get();
            }
            return pairs;
        } finally {
            threads.shutdownNow();
        }
    }

    private static long pairsUntil(Stage stage, long end) {
        long pairs = 0;
        while (System.nanoTime() < end) {
            InstanceId id = stage.active().id();
            stage.compute().instances().delete(id).await(Stage.PATIENCE);
            pairs++;
        }
        return pairs;
    }

    /** {@return how often this disk syncs an appended page, per second} */
    private double syncs() throws IOException {
        Path file = scratch.directory().resolve("syncs");
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
            long begin = System.nanoTime();
            long end = begin + Duration.ofSeconds(1).toNanos();
            int count = 0;
            while (System.nanoTime() < end) {
                channel.write(page.clear());
                channel.force(true);
                count++;
            }
            return count * SECOND / (System.nanoTime() - begin);
        }
    }
}
