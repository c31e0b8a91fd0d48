package io.gantry.jmh.store;

import static java.util.Objects.requireNonNull;

import io.gantry.jmh.store.StoreBenchmark.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link StoreBenchmark} with each store, and compares the rate with what the disk allows. */
public final class StoreRun {
    private static final int[] CALLERS = {1, 16};

    /** Of what the engine's own work and its syncs allow, one caller on H2 reaches at least so much. */
    private static final double BOUND = 0.1;

    /** So many times as fast as one caller are many, at least, on each durable store; 1 but for the noise. */
    private static final double LEAST_GAIN = 0.8;

    private final TimeValue warmUp;
    private final TimeValue measured;

    private StoreRun(boolean isShort) {
        this.warmUp = TimeValue.seconds(isShort ? 4 : 10);
        this.measured = TimeValue.seconds(isShort ? 8 : 30);
    }

    /** Runs the comparison; exits with 1 if the bound does not hold. */
    public static void main(String... args) throws RunnerException {
        System.exit(new StoreRun(List.of(args).contains("--short")).run() ? 0 : 1);
    }

    /**
     * What was measured.
     *
     * @param operations creates and deletes per second
     * @param writes transactions that changed something, per operation
     * @param syncs of this disk per second, before and after on average
     */
    private record Row(Kind store, int callers, double operations, double writes, double syncs) {
        /** {@return the share of what the disk's syncs allow if each write waits for one of its own} */
        double ofSyncs() {
            return operations / (syncs / writes);
        }

        /** {@return the share of what the engine's own work and then those syncs allow} */
        double ofBoth(Row inMemory) {
            return operations / callers * (callers / inMemory.operations + writes / syncs);
        }

        /** {@return how long a caller waits for the store at each write, in milliseconds} */
        double perWrite(Row inMemory) {
            return 1000 * callers * (1 / operations - 1 / inMemory.operations) / writes;
        }
    }

    private boolean run() throws RunnerException {
        List<Row> rows = new ArrayList<>();
        System.out.printf(
                "%-11s %7s %8s %9s %12s %9s %9s %9s%n",
                "store", "callers", "ops/s", "writes/op", "ms per write", "fsyncs/s", "of fsyncs", "of both");
        for (Kind store : Kind.values()) {
            for (int callers : CALLERS) {
                Row row = row(store, callers);
                rows.add(row);
                Row inMemory = find(rows, Kind.MEMORY, callers);
                System.out.printf(
                        "%-11s %7d %8.1f %9.1f %12.2f %9.0f %9.2f %9.2f%n",
                        row.store(),
                        row.callers(),
                        row.operations(),
                        row.writes(),
                        row.perWrite(inMemory),
                        row.syncs(),
                        row.ofSyncs(),
                        row.ofBoth(inMemory));
            }
        }
        Row h2 = find(rows, Kind.H2, 1);
        double share = h2.ofBoth(find(rows, Kind.MEMORY, 1));
        double h2Gain = gain(rows, Kind.H2);
        double postgresGain = gain(rows, Kind.POSTGRESQL);
        boolean holds = share >= BOUND && Math.min(h2Gain, postgresGain) >= LEAST_GAIN;
        System.out.printf(
                "store: H2, 1 caller: %.1f operations/s of %.1f writes each, %.2f of what %.0f fsyncs/s and the engine's own"
                        + " work allow (bound %.2f); 16 callers are %.1f times as fast on H2 and %.1f times on PostgreSQL"
                        + " (bound %.1f): %s%n",
                h2.operations(),
                h2.writes(),
                share,
                h2.syncs(),
                BOUND,
                h2Gain,
                postgresGain,
                LEAST_GAIN,
                holds ? "holds" : "DOES NOT HOLD");
        return holds;
    }

    /** {@return how many times as fast as one caller many are} */
    private static double gain(List<Row> rows, Kind store) {
        return find(rows, store, CALLERS[1]).operations()
                / find(rows, store, CALLERS[0]).operations();
    }

    private static Row find(List<Row> rows, Kind store, int callers) {
        return rows.stream()
                .filter(row -> row.store() == store && row.callers() == callers)
                .findFirst()
                .orElseThrow();
    }

    private Row row(Kind store, int callers) throws RunnerException {
        double before = syncs();
        RunResult result = only(new Runner(options(StoreBenchmark.class, warmUp, measured)
                        .param("store", store.name())
                        .threads(callers)
                        .build())
                .run());
        double writes = count(result, "writes") / count(result, "operations");
        return new Row(store, callers, result.getPrimaryResult().getScore(), writes, (before + syncs()) / 2);
    }

    private static double count(RunResult result, String name) {
        return requireNonNull(result.getSecondaryResults().get(name), name).getScore();
    }

    private static double syncs() throws RunnerException {
        TimeValue second = TimeValue.seconds(1);
        Result<?> result = only(new Runner(options(SyncBenchmark.class, TimeValue.milliseconds(200), second)
                                .build())
                        .run())
                .getPrimaryResult();
        return result.getScore();
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark, TimeValue warmUp, TimeValue measured) {
        return new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .forks(1)
                .warmupIterations(1)
                .warmupTime(warmUp)
                .measurementIterations(1)
                .measurementTime(measured)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private static RunResult only(Collection<RunResult> results) {
        return results.iterator().next();
    }
}
