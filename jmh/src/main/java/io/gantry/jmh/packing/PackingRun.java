package io.gantry.jmh.packing;

import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills fleets by several policies until the first instance is refused: small ones, for which the optimum is known, and large
 * ones.
 */
public final class PackingRun {
    private static final int SMALL_CASES = 40;
    private static final int LARGE_CASES = 5;

    /** Best fit places, on small cases, at least this share of what anybody could who knew all requests. */
    private static final double LEAST_OF_OPTIMUM = 0.85;

    /** Best fit places, on large cases, at least this share of what first fit does. */
    private static final double LEAST_OF_FIRST_FIT = 0.99;

    private static final String BEST_FIT = "best fit";
    private static final String FIRST_FIT = "first fit";
    private static final String WORST_FIT = "worst fit";

    private static final Map<String, List<WeightedWeigher>> POLICIES = policies();

    private PackingRun() {}

    private static Map<String, List<WeightedWeigher>> policies() {
        Map<String, List<WeightedWeigher>> policies = new LinkedHashMap<>();
        policies.put(BEST_FIT, SchedulerDefaults.packingWeighers());
        policies.put(FIRST_FIT, List.of());
        policies.put(WORST_FIT, SchedulerDefaults.weighers());
        return Collections.unmodifiableMap(policies);
    }

    /** Runs the comparison; exits with 1 if a bound does not hold. */
    public static void main(String... args) {
        System.exit(run(List.of(args).contains("--short") ? 4 : 1) ? 0 : 1);
    }

    private static boolean run(int divisor) {
        boolean holds = true;
        double worst = 1;
        List<String> gains = new ArrayList<>();
        System.out.printf("%-16s %-10s %14s %20s%n", "trace", "policy", "of the optimum", "placed, large fleet");
        for (Trace trace : Trace.values()) {
            Map<String, Double> shares = small(trace, SMALL_CASES / divisor);
            Map<String, Integer> placed = large(trace, Math.max(1, LARGE_CASES / divisor));
            POLICIES.keySet()
                    .forEach(policy -> System.out.printf(
                            "%-16s %-10s %14.3f %20d%n", trace, policy, shares.get(policy), placed.get(policy)));
            double share = shares.getOrDefault(BEST_FIT, 0.0);
            int best = placed.getOrDefault(BEST_FIT, 0);
            worst = Math.min(worst, share);
            gains.add(String.format(
                    "%s %.3f of first fit, %.3f of worst fit",
                    trace,
                    (double) best / placed.getOrDefault(FIRST_FIT, 1),
                    (double) best / placed.getOrDefault(WORST_FIT, 1)));
            holds &= share >= LEAST_OF_OPTIMUM
                    && best >= placed.getOrDefault(WORST_FIT, 0)
                    && best >= LEAST_OF_FIRST_FIT * placed.getOrDefault(FIRST_FIT, 0);
        }
        System.out.printf(
                "packing: best fit places at least %.3f of the optimum (bound %.2f) on small cases; on large ones %s (bounds %.2f"
                        + " and 1): %s%n",
                worst,
                LEAST_OF_OPTIMUM,
                String.join("; ", gains),
                LEAST_OF_FIRST_FIT,
                holds ? "holds" : "DOES NOT HOLD");
        return holds;
    }

    private static Map<String, Double> small(Trace trace, int cases) {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (int seed = 0; seed < cases; seed++) {
            Case some = trace.small(seed);
            int optimum = some.optimum().getAsInt();
            POLICIES.forEach((policy, weighers) -> shares.merge(
                    policy,
                    (double) new Fleet(some.hosts(), weighers).fill(some.requests()) / optimum / cases,
                    Double::sum));
        }
        return shares;
    }

    private static Map<String, Integer> large(Trace trace, int cases) {
        Map<String, Integer> placed = new LinkedHashMap<>();
        for (int seed = 0; seed < cases; seed++) {
            Case some = trace.large(1_000 + seed);
            POLICIES.forEach((policy, weighers) ->
                    placed.merge(policy, new Fleet(some.hosts(), weighers).fill(some.requests()), Integer::sum));
        }
        return placed;
    }
}
