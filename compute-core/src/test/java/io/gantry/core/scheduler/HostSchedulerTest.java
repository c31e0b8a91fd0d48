package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.placement.WeigherScore;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Filters in order, weights by hand, and reasons for everything. */
final class HostSchedulerTest {
    @Test
    void hostsAreRankedByTheSumOfWeightedNormalisedScores() {
        HostScheduler scheduler = new HostScheduler(
                List.of(),
                List.of(
                        new WeightedWeigher(
                                SchedulerFixture.weigher("Memory", Map.of("a", 2.0, "b", 4.0, "c", 10.0)), 1.0),
                        new WeightedWeigher(
                                SchedulerFixture.weigher("Builds", Map.of("a", 0.0, "b", 5.0, "c", 5.0)), -2.0)),
                HostOrder.bestFirst());

        PlacementReport report = SchedulerFixture.rank(scheduler, "a", "b", "c");

        // a: 0 + -2 x 0 = 0; c: 1 + -2 x 1 = -1; b: 0.25 + -2 x 1 = -1.75
        assertEquals(List.of("a", "c", "b"), SchedulerFixture.names(report));
        assertEquals(
                List.of(new WeigherScore("Memory", 4.0, 0.25, 0.25), new WeigherScore("Builds", 5.0, 1.0, -2.0)),
                report.hosts().get(2).scores());
    }

    @Test
    void hostsOfTheSameWeightAreRankedById() {
        assertEquals(
                List.of("a", "b", "c"),
                SchedulerFixture.names(SchedulerFixture.rank(
                        new HostScheduler(List.of(), List.of(), HostOrder.bestFirst()), "c", "a", "b")));
    }

    @Test
    void theFirstRejectionEndsTheFiltersForThatHost() {
        HostScheduler scheduler = new HostScheduler(
                List.of(
                        SchedulerFixture.filter(
                                "First", host -> host.equals("b") ? Verdict.reject("NO", "x", "y") : Verdict.pass()),
                        SchedulerFixture.filter("Second", host -> Verdict.pass())),
                List.of(),
                HostOrder.bestFirst());

        PlacementReport report = SchedulerFixture.rank(scheduler, "a", "b");

        assertEquals(
                List.of("a"),
                HostScheduler.accepted(report).stream().map(HostId::value).toList());
        assertEquals(2, report.hosts().get(0).filters().size());
        assertEquals(1, report.hosts().get(1).filters().size());
        assertEquals(
                "First",
                report.hosts().get(1).rejection().map(FilterResult::filter).orElse(""));
        assertEquals("1 of 2 hosts rejected: First/NO x1", report.summary());
    }

    @Test
    void aFilterThatThrowsRejectsTheHostAndDisturbsNobody() {
        HostScheduler scheduler = new HostScheduler(
                List.of(SchedulerFixture.filter("Broken", host -> {
                    if (host.equals("a")) {
                        throw new IllegalStateException("a fault of the test");
                    }
                    return Verdict.pass();
                })),
                List.of(),
                HostOrder.bestFirst());

        PlacementReport report = SchedulerFixture.rank(scheduler, "a", "b");

        assertEquals(List.of("b", "a"), SchedulerFixture.names(report));
        assertEquals(
                "FILTER_ERROR",
                report.hosts().get(1).rejection().orElseThrow().verdict().code());
    }

    @Test
    void aWeigherThatThrowsOrYieldsNoNumberCountsNothing() {
        HostScheduler scheduler = new HostScheduler(
                List.of(),
                List.of(new WeightedWeigher(
                        (HostWeigher) (request, host) -> switch (host.id().value()) {
                            case "a" -> throw new IllegalStateException("a fault of the test");
                            case "b" -> Double.NaN;
                            case "c" -> 1;
                            default -> 3;
                        },
                        1.0)),
                HostOrder.bestFirst());

        PlacementReport report = SchedulerFixture.rank(scheduler, "a", "b", "c", "d");

        assertEquals(List.of("d", "a", "b", "c"), SchedulerFixture.names(report));
        assertEquals(
                List.of(1.0, 0.0, 0.0, 0.0),
                report.hosts().stream().map(HostReport::weight).toList());
    }

    @Test
    void whatTheVerbRulesOutIsReportedBeforeTheFilters() {
        HostScheduler scheduler = new HostScheduler(
                List.of(SchedulerFixture.filter("Never", host -> Verdict.reject("NO", "", ""))),
                List.of(),
                HostOrder.bestFirst());

        PlacementReport report = scheduler.rank(
                SchedulerFixture.REQUEST,
                List.of(SchedulerFixture.view("a", Map.of())),
                host -> Optional.of(new FilterResult("Verb", Verdict.reject("SOURCE_HOST", "", ""))));

        assertEquals("Verb", report.hosts().get(0).rejection().orElseThrow().filter());
    }
}
