package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.placement.WeigherScore;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores by hand: scales, multipliers of aggregates, and the only host left. */
final class WeigherScoresTest {
    private static final String KEY = "ram_weight_multiplier";
    private static final Map<String, Double> RAW = Map.of("a", -2.0, "b", 4.0, "c", 16.0);

    @Test
    void fromZeroTakesTheGreatestForOneAndWhatIsNegativeForNothing() {
        PlacementReport report = SchedulerFixture.rank(
                new HostScheduler(List.of(), List.of(new WeightedWeigher(ram(), 2.0)), HostOrder.bestFirst()),
                "a",
                "b",
                "c");

        // c: 16/16; b: 4/16; a: -2 counts as 0. What was measured is reported as it was.
        assertEquals(List.of("c", "b", "a"), SchedulerFixture.names(report));
        assertEquals(
                List.of(new WeigherScore("Ram", 16, 1, 2)),
                report.hosts().get(0).scores());
        assertEquals(
                List.of(new WeigherScore("Ram", 4, 0.25, 0.5)),
                report.hosts().get(1).scores());
        assertEquals(
                List.of(new WeigherScore("Ram", -2, 0, 0)),
                report.hosts().get(2).scores());
    }

    @Test
    void scalesOfSeveralWeighersAddUp() {
        HostWeigher builds = SchedulerFixture.weigher("Builds", Map.of("a", 0.0, "b", 1.0, "c", 4.0));
        PlacementReport report = SchedulerFixture.rank(
                new HostScheduler(
                        List.of(),
                        List.of(new WeightedWeigher(ram(), 1.0), new WeightedWeigher(builds, -0.5)),
                        HostOrder.bestFirst()),
                "a",
                "b",
                "c");

        // c: 16/16 - 0.5 x 4/4 = 0.5; b: 4/16 - 0.5 x 1/4 = 0.125; a: 0 - 0.5 x 0 = 0
        assertEquals(List.of("c", "b", "a"), SchedulerFixture.names(report));
        assertEquals(
                List.of(0.5, 0.125, 0.0),
                report.hosts().stream().map(HostReport::weight).toList());
    }

    @ParameterizedTest(name = "[{index}] an aggregate that sets ''{0}'' makes the multiplier {1}")
    @CsvSource({
        "0.5, 0.5",
        "-1, -1.0",
        "0, 0.0",
        "1e2, 100.0",
        "' 7 ', 7.0",
        "+.5, 0.5",
        "'', 3.0",
        "much, 3.0",
        "NaN, 3.0",
        "Infinity, 3.0",
        "inf, 3.0",
        "1e999, 3.0",
        "2d, 3.0",
        "0x10p0, 3.0",
        "'1,2', 3.0"
    })
    void anAggregateSetsTheMultiplierForItsHosts(String value, double multiplier) {
        HostView set = SchedulerFixture.view("c", Map.of("rack-1", Map.of(KEY, value), "rack-2", Map.of("x", "9")));
        HostView unset = SchedulerFixture.view("b", Map.of("rack-2", Map.of("cpu_weight_multiplier", "9")));

        Map<String, Double> weights = weights(List.of(set, unset));

        // c has 16/16, b 4/16 by the configured multiplier.
        assertEquals(Map.of("c", multiplier, "b", 0.75), weights);
    }

    @Test
    void ofSeveralMultipliersTheLeastCounts() {
        HostView host = SchedulerFixture.view(
                "c", Map.of("rack-1", Map.of(KEY, "5"), "rack-2", Map.of(KEY, "-2"), "rack-3", Map.of(KEY, "4")));

        assertEquals(Map.of("c", -2.0, "b", 0.75), weights(List.of(host, SchedulerFixture.view("b", Map.of()))));
    }

    @Test
    void oneThatIsNoNumberLeavesTheConfiguredOneWhateverTheOthersAre() {
        HostView host = SchedulerFixture.view("c", Map.of("rack-1", Map.of(KEY, "0.5"), "rack-2", Map.of(KEY, "low")));

        assertEquals(Map.of("c", 3.0, "b", 0.75), weights(List.of(host, SchedulerFixture.view("b", Map.of()))));
    }

    @Test
    void weigherWithoutKeyKeepsItsMultiplier() {
        HostWeigher weigher = SchedulerFixture.weigher("Ram", RAW, WeightScale.FROM_ZERO, Optional.empty());
        List<HostView> hosts = List.of(
                SchedulerFixture.view("b", Map.of("rack-1", Map.of(KEY, "5"))), SchedulerFixture.view("c", Map.of()));

        PlacementReport report = SchedulerFixture.rank(
                new HostScheduler(List.of(), List.of(new WeightedWeigher(weigher, 1.0)), HostOrder.bestFirst()), hosts);

        assertEquals(0.25, report.hosts().get(1).weight());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void theOnlyHostLeftIsNotWeighed(String left) {
        HostWeigher never = (request, host) -> {
            throw new AssertionError("weighed " + host.id());
        };
        HostScheduler scheduler = new HostScheduler(
                List.of(SchedulerFixture.filter(
                        "Only", host -> host.equals(left) ? Verdict.pass() : Verdict.reject("NO", "x", "y"))),
                List.of(new WeightedWeigher(never, 1.0)),
                HostOrder.bestFirst());

        PlacementReport report = SchedulerFixture.rank(scheduler, "a", "b", "c");

        HostReport first = report.hosts().get(0);
        assertEquals(left, first.host().value());
        assertEquals(Optional.empty(), first.rejection());
        assertEquals(List.of(), first.scores());
        assertEquals(0.0, first.weight());
    }

    @Test
    void nobodyLeftIsNotWeighedEither() {
        assertEquals(
                Set.of(),
                Set.copyOf(SchedulerFixture.names(SchedulerFixture.rank(
                        new HostScheduler(List.of(), List.of(new WeightedWeigher(ram(), 1.0)), HostOrder.bestFirst()),
                        List.of()))));
    }

    private static Map<String, Double> weights(List<HostView> hosts) {
        PlacementReport report = SchedulerFixture.rank(
                new HostScheduler(List.of(), List.of(new WeightedWeigher(ram(), 3.0)), HostOrder.bestFirst()), hosts);
        return Map.of(
                report.hosts().get(0).host().value(),
                report.hosts().get(0).weight(),
                report.hosts().get(1).host().value(),
                report.hosts().get(1).weight());
    }

    private static HostWeigher ram() {
        return SchedulerFixture.weigher("Ram", RAW, WeightScale.FROM_ZERO, Optional.of(KEY));
    }
}
