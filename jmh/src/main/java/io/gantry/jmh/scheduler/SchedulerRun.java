package io.gantry.jmh.scheduler;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link SchedulerBenchmark}, and compares decisions with one pass over the same columns. */
public final class SchedulerRun {
    private static final int[] HOSTS = {100, 1_000, 10_000, 100_000};

    /** Placements a second, at least, by number of hosts. */
    private static final double LEAST_AT_1000 = 20_000;

    private static final double LEAST_AT_10000 = 3_000;

    /** A placement among 10,000 hosts takes at most so many times as long as one pass over the columns. */
    private static final double MOST_TIMES_THE_BOUND = 10;

    /** A placement among 100,000 hosts allocates at most so many times what one among 100 does. */
    private static final double MOST_GROWTH = 1.25;

    private final TimeValue each;
    private final int iterations;

    private SchedulerRun(boolean isShort) {
        this.each = TimeValue.seconds(isShort ? 2 : 5);
        this.iterations = isShort ? 2 : 4;
    }

    /** Runs the comparison; exits with 1 if a bound does not hold. */
    public static void main(String... args) throws RunnerException {
        System.exit(new SchedulerRun(List.of(args).contains("--short")).run() ? 0 : 1);
    }

    private record Row(int hosts, double places, double decides, double bounds, double bytes) {
        double ratio() {
            return bounds / places;
        }
    }

    private boolean run() throws RunnerException {
        List<Row> rows = new ArrayList<>();
        System.out.printf(
                "%7s %14s %14s %12s %14s %16s%n",
                "hosts", "placements/s", "decisions/s", "passes/s", "times a pass", "bytes/placement");
        for (int hosts : HOSTS) {
            RunResult place = run("place", hosts);
            Row row = new Row(
                    hosts,
                    place.getPrimaryResult().getScore(),
                    run("decide", hosts).getPrimaryResult().getScore(),
                    run("bound", hosts).getPrimaryResult().getScore(),
                    allocated(place));
            rows.add(row);
            System.out.printf(
                    "%7d %14.0f %14.0f %12.0f %14.1f %16.0f%n",
                    row.hosts(), row.places(), row.decides(), row.bounds(), row.ratio(), row.bytes());
        }
        double growth = rows.get(3).bytes() / rows.get(0).bytes();
        boolean holds = rows.get(1).places() >= LEAST_AT_1000
                && rows.get(2).places() >= LEAST_AT_10000
                && rows.get(2).ratio() <= MOST_TIMES_THE_BOUND
                && growth <= MOST_GROWTH;
        System.out.printf(
                "scheduler: placements/s, claim included, on one core: %.0f at 1,000 hosts (bound %.0f), %.0f at"
                        + " 10,000 (bound %.0f), %.1f times one pass over the columns there (bound %.0f); from 100 to"
                        + " 100,000 hosts a placement's allocation grows %.2f times (bound %.2f): %s%n",
                rows.get(1).places(),
                LEAST_AT_1000,
                rows.get(2).places(),
                LEAST_AT_10000,
                rows.get(2).ratio(),
                MOST_TIMES_THE_BOUND,
                growth,
                MOST_GROWTH,
                holds ? "holds" : "DOES NOT HOLD");
        return holds;
    }

    /** {@return the bytes that one placement allocates} Both are counted by the second. */
    private static double allocated(RunResult place) {
        return requireNonNull(place.getSecondaryResults().get("bytes"), "bytes").getScore()
                / place.getPrimaryResult().getScore();
    }

    private RunResult run(String method, int hosts) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(SchedulerBenchmark.class.getName() + "\\." + method + "$")
                        .param("hosts", Integer.toString(hosts))
                        .forks(1)
                        .jvmArgsAppend("-Xmx6g")
                        .threads(1)
                        .warmupIterations(iterations)
                        .warmupTime(each)
                        .measurementIterations(iterations)
                        .measurementTime(each)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()
                .iterator()
                .next();
    }
}
