package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.placement.WeigherScore;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Filters in order, weights by hand, and reasons for everything. */
final class HostSchedulerTest {
    private static final PlacementRequest REQUEST = new PlacementRequest(
            InstanceId.random(),
            Flavor.builder("f").build(),
            DiskSize.gib(1),
            new Image(
                    ImageId.random(),
                    "i",
                    DiskFormat.RAW,
                    1,
                    DiskSize.gib(1),
                    "",
                    MemorySize.ZERO,
                    DiskSize.ZERO,
                    Map.of(),
                    Instant.EPOCH),
            Optional.empty(),
            Map.of());

    @Test
    void hostsAreRankedByTheSumOfWeightedNormalisedScores() {
        HostScheduler scheduler = new HostScheduler(
                List.of(),
                List.of(
                        new WeightedWeigher(weigher("Memory", Map.of("a", 2.0, "b", 4.0, "c", 10.0)), 1.0),
                        new WeightedWeigher(weigher("Builds", Map.of("a", 0.0, "b", 5.0, "c", 5.0)), -2.0)));

        PlacementReport report = rank(scheduler, "a", "b", "c");

        // a: 0 + -2 x 0 = 0; c: 1 + -2 x 1 = -1; b: 0.25 + -2 x 1 = -1.75
        assertEquals(List.of("a", "c", "b"), names(report));
        assertEquals(
                List.of(new WeigherScore("Memory", 4.0, 0.25, 0.25), new WeigherScore("Builds", 5.0, 1.0, -2.0)),
                report.hosts().get(2).scores());
    }

    @Test
    void hostsOfTheSameWeightAreRankedById() {
        assertEquals(List.of("a", "b", "c"), names(rank(new HostScheduler(List.of(), List.of()), "c", "a", "b")));
    }

    @Test
    void theFirstRejectionEndsTheFiltersForThatHost() {
        HostScheduler scheduler = new HostScheduler(
                List.of(
                        filter("First", host -> host.equals("b") ? Verdict.reject("NO", "x", "y") : Verdict.pass()),
                        filter("Second", host -> Verdict.pass())),
                List.of());

        PlacementReport report = rank(scheduler, "a", "b");

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
                List.of(filter("Broken", host -> {
                    if (host.equals("a")) {
                        throw new IllegalStateException("a fault of the test");
                    }
                    return Verdict.pass();
                })),
                List.of());

        PlacementReport report = rank(scheduler, "a", "b");

        assertEquals(List.of("b", "a"), names(report));
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
                        1.0)));

        PlacementReport report = rank(scheduler, "a", "b", "c", "d");

        assertEquals(List.of("d", "a", "b", "c"), names(report));
        assertEquals(
                List.of(1.0, 0.0, 0.0, 0.0),
                report.hosts().stream().map(HostReport::weight).toList());
    }

    @Test
    void whatTheVerbRulesOutIsReportedBeforeTheFilters() {
        HostScheduler scheduler =
                new HostScheduler(List.of(filter("Never", host -> Verdict.reject("NO", "", ""))), List.of());

        PlacementReport report = scheduler.rank(
                REQUEST,
                List.of(view("a")),
                host -> Optional.of(new FilterResult("Verb", Verdict.reject("SOURCE_HOST", "", ""))));

        assertEquals("Verb", report.hosts().get(0).rejection().orElseThrow().filter());
    }

    @Test
    void extremesAreNormalisedWithoutOverflow() {
        assertArrayEquals(
                new double[] {0, 0.5, 1}, Normalisation.minMax(new double[] {-Double.MAX_VALUE, 0, Double.MAX_VALUE}));
        assertArrayEquals(new double[] {0, 0}, Normalisation.minMax(new double[] {7, 7}));
        assertArrayEquals(new double[] {0}, Normalisation.minMax(new double[] {Double.POSITIVE_INFINITY}));
        assertArrayEquals(new double[0], Normalisation.minMax(new double[0]));
    }

    @Property
    void normalisedValuesStayInRangeAndKeepTheirOrder(@ForAll @Size(max = 20) double[] raw) {
        double[] normalised = Normalisation.minMax(raw);

        for (int i = 0; i < raw.length; i++) {
            assertTrue(normalised[i] >= 0 && normalised[i] <= 1, raw[i] + " became " + normalised[i]);
            for (int j = 0; j < raw.length; j++) {
                if (Double.isFinite(raw[i]) && Double.isFinite(raw[j]) && raw[i] < raw[j]) {
                    assertTrue(normalised[i] <= normalised[j], raw[i] + " and " + raw[j] + " changed places");
                }
            }
        }
    }

    private static PlacementReport rank(HostScheduler scheduler, String... hosts) {
        List<HostView> views = Stream.of(hosts).map(HostSchedulerTest::view).toList();
        return scheduler.rank(REQUEST, views, host -> Optional.empty());
    }

    private static List<String> names(PlacementReport report) {
        return report.hosts().stream().map(host -> host.host().value()).toList();
    }

    private interface Judge {
        Verdict of(String host);
    }

    private static HostFilter filter(String name, Judge judge) {
        return new HostFilter() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Verdict test(PlacementRequest request, HostView host) {
                return judge.of(host.id().value());
            }
        };
    }

    private static HostWeigher weigher(String name, Map<String, Double> raw) {
        return new HostWeigher() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double weigh(PlacementRequest request, HostView host) {
                return raw.getOrDefault(host.id().value(), 0.0);
            }
        };
    }

    private static HostView view(String name) {
        return new HostView(
                HostId.of(name),
                HostState.UP,
                Optional.empty(),
                new HostInventory(name, "x86_64", "sim", "1", 8, MemorySize.gib(16), DiskSize.gib(100), Set.of()),
                AllocationRatios.DEFAULT,
                new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO),
                "default",
                Map.of());
    }
}
