package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.placement.WeigherScore;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Which host is tried first, under a seeded source of random numbers. */
final class HostOrderTest {
    private static final int SEED = 20_26;
    private static final int DRAWS = 3_000;
    /** Any draw from it fails. */
    private static final RandomGenerator NEVER = () -> {
        throw new AssertionError("drew");
    };

    private static final List<HostReport> RANKED =
            List.of(report("a", 3), report("b", 3), report("c", 3), report("d", 2), report("e", 1));

    @Test
    void byDefaultTheBestIsFirstAndNothingIsDrawn() {
        assertEquals(RANKED, new HostOrder(1, false, NEVER).of(RANKED));
        assertEquals(RANKED, HostOrder.bestFirst().of(RANKED));
    }

    @Test
    void theFirstIsDrawnFromTheBestEachAsOftenAndTheRestStaysAsItWas() {
        HostOrder order = new HostOrder(4, false, new Random(SEED));
        Map<String, Integer> firsts = new TreeMap<>();
        for (int i = 0; i < DRAWS; i++) {
            List<String> names = names(order.of(RANKED));
            firsts.merge(names.get(0), 1, Integer::sum);
            assertEquals(
                    names.subList(1, 5), names.subList(1, 5).stream().sorted().toList());
        }

        assertEquals(Set.of("a", "b", "c", "d"), firsts.keySet());
        firsts.values().forEach(count -> assertTrue(count > DRAWS / 5 && count < DRAWS / 3, firsts::toString));
    }

    @Test
    void whereFewerPassTheFirstIsDrawnFromAll() {
        HostOrder order = new HostOrder(100, false, new Random(SEED));
        Set<String> firsts = new HashSet<>();
        IntStream.range(0, DRAWS)
                .forEach(i -> firsts.add(names(order.of(RANKED)).get(0)));

        assertEquals(Set.of("a", "b", "c", "d", "e"), firsts);
        assertEquals(List.of(), new HostOrder(100, true, NEVER).of(List.of()));
        assertEquals(RANKED.subList(0, 1), new HostOrder(100, true, NEVER).of(RANKED.subList(0, 1)));
    }

    @Test
    void thoseThatWeighTheSameAsTheBestAreShuffledAndTheOthersStay() {
        HostOrder order = new HostOrder(1, true, new Random(SEED));
        Map<List<String>, Integer> orders = new HashMap<>();
        for (int i = 0; i < DRAWS; i++) {
            List<String> names = names(order.of(RANKED));
            orders.merge(names.subList(0, 3), 1, Integer::sum);
            assertEquals(List.of("d", "e"), names.subList(3, 5));
        }

        assertEquals(6, orders.size());
        orders.values().forEach(count -> assertTrue(count > DRAWS / 8 && count < DRAWS / 4, orders::toString));
    }

    @Test
    void theSameSeedGivesTheSameOrder() {
        List<List<HostReport>> first = draws(new HostOrder(3, true, new Random(SEED)));

        assertEquals(first, draws(new HostOrder(3, true, new Random(SEED))));
    }

    @Test
    void rejectedHostsAreNeverDrawn() {
        HostScheduler scheduler = new HostScheduler(
                List.of(SchedulerFixture.filter(
                        "NotB", host -> host.equals("b") ? Verdict.reject("NO", "x", "y") : Verdict.pass())),
                List.of(new WeightedWeigher(SchedulerFixture.weigher("W", Map.of("a", 1.0, "b", 9.0, "c", 2.0)), 1.0)),
                new HostOrder(3, true, new Random(SEED)));
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            PlacementReport report = SchedulerFixture.rank(scheduler, "a", "b", "c");
            orders.add(SchedulerFixture.names(report));
        }

        assertEquals(Set.of(List.of("a", "c", "b"), List.of("c", "a", "b")), orders);
    }

    @Property
    void everyHostIsTriedOnceAndTheFirstIsAmongTheBest(
            @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3) Integer> weights,
            @ForAll @IntRange(min = 1, max = 15) int subset,
            @ForAll boolean shuffles,
            @ForAll long seed) {
        List<HostReport> ranked = new ArrayList<>();
        weights.forEach(weight -> ranked.add(report("h" + ranked.size(), weight)));
        ranked.sort(Comparator.comparingDouble(HostReport::weight).reversed());

        List<HostReport> order = new HostOrder(subset, shuffles, new Random(seed)).of(ranked);

        assertEquals(ranked.size(), order.size());
        assertEquals(Set.copyOf(ranked), Set.copyOf(order));
        if (!ranked.isEmpty()) {
            double least = ranked.get(Math.min(subset, ranked.size()) - 1).weight();
            assertTrue(order.get(0).weight() >= least, () -> names(order) + " of " + names(ranked));
        }
    }

    private static List<List<HostReport>> draws(HostOrder order) {
        return Stream.generate(() -> order.of(RANKED)).limit(50).toList();
    }

    private static HostReport report(String name, double weight) {
        return new HostReport(HostId.of(name), List.of(), List.of(new WeigherScore("W", weight, weight, weight)));
    }

    private static List<String> names(List<HostReport> reports) {
        return reports.stream().map(report -> report.host().value()).toList();
    }
}
