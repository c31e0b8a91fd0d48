package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import io.gantry.host.HostUsage;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.RejectionCount;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Decisions made in bulk are those that are made host by host. */
final class DecisionsTest {
    private static final String KEY = "ram_weight_multiplier";

    /** Judges by columns, or host by host, and counts how often each is asked. */
    private static final class LeastFree implements HostFilter {
        private final long least;
        private final boolean columns;
        private final AtomicInteger tests = new AtomicInteger();

        LeastFree(long least, boolean columns) {
            this.least = least;
            this.columns = columns;
        }

        @Override
        public String name() {
            return "LeastFree" + least;
        }

        @Override
        public Verdict test(PlacementRequest request, HostView host) {
            tests.incrementAndGet();
            return host.freeVcpus() >= least ? Verdict.pass() : Verdict.reject("VCPUS", "more", "less");
        }

        @Override
        public Optional<ColumnFilter> columns(PlacementRequest request) {
            return columns
                    ? Optional.of((hosts, rows, count) -> {
                        int kept = 0;
                        for (int i = 0; i < count; i++) {
                            if (hosts.freeVcpus(rows[i]) >= least) {
                                rows[kept++] = rows[i];
                            }
                        }
                        return kept;
                    })
                    : Optional.empty();
        }
    }

    private static final class Free implements HostWeigher {
        private final boolean columns;

        Free(boolean columns) {
            this.columns = columns;
        }

        @Override
        public double weigh(PlacementRequest request, HostView host) {
            return host.freeVcpus();
        }

        @Override
        public Optional<ColumnWeigher> columns(PlacementRequest request) {
            return columns
                    ? Optional.of((hosts, rows, count, raw) -> {
                        for (int i = 0; i < count; i++) {
                            raw[i] = hosts.freeVcpus(rows[i]);
                        }
                    })
                    : Optional.empty();
        }

        @Override
        public WeightScale scale() {
            return WeightScale.FROM_ZERO;
        }

        @Override
        public Optional<String> multiplierKey() {
            return Optional.of(KEY);
        }
    }

    private static HostView view(int number, int usedVcpus, boolean multiplied) {
        Map<String, Map<String, String>> aggregates = multiplied ? Map.of("rack", Map.of(KEY, "-2")) : Map.of();
        return SchedulerFixture.view(String.format("h%03d", number), aggregates).toBuilder()
                .usage(new HostUsage(1, usedVcpus, MemorySize.ZERO, DiskSize.ZERO))
                .build();
    }

    private static CandidateIndex index(List<HostView> views) {
        CandidateIndex index = new CandidateIndex();
        index.load(views);
        return index;
    }

    /** Weights of few values, so that there are ties, with and without plug-ins that know no columns. */
    @Property
    void theBestHostsAreThoseOfTheRankingOfAllAndTheRestIsCounted(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 34) Integer> used,
            @ForAll @IntRange(min = 1, max = 12) int most,
            @ForAll boolean filterColumns,
            @ForAll boolean weigherColumns,
            @ForAll boolean multiplied,
            @ForAll @IntRange(min = 0, max = 3) int overridden,
            @ForAll @IntRange(max = 40) int excluded) {
        List<HostView> views = new ArrayList<>();
        for (int usedVcpus : used) {
            views.add(view(views.size(), usedVcpus, multiplied && views.size() % 3 == 0));
        }
        Map<HostId, HostView> overrides = new TreeMap<>();
        IntStream.range(0, Math.min(overridden, views.size()))
                .mapToObj(i -> view(i * 2 % views.size(), 7 * i, false))
                .forEach(view -> overrides.put(view.id(), view));
        Exclusion exclusion = host -> host.id().value().equals(String.format("h%03d", excluded))
                ? Optional.of(new FilterResult("Verb", Verdict.reject("SOURCE_HOST", "", "")))
                : Optional.empty();
        HostScheduler scheduler = new HostScheduler(
                List.of(new LeastFree(3, filterColumns), new LeastFree(8, true), new LeastFree(5, false)),
                List.of(
                        new WeightedWeigher(new Free(weigherColumns), 1),
                        new WeightedWeigher(SchedulerFixture.weigher("Named", Map.of("h001", 5.0)), 0.5)),
                HostOrder.bestFirst());

        PlacementReport decision = scheduler.decide(SchedulerFixture.REQUEST, index(views), overrides, exclusion, most);

        List<HostView> actual = views.stream()
                .map(view -> overrides.getOrDefault(view.id(), view))
                .toList();
        PlacementReport all = scheduler.rank(SchedulerFixture.REQUEST, actual, exclusion);
        List<HostReport> accepted =
                all.hosts().stream().filter(host -> host.rejection().isEmpty()).toList();
        if (accepted.isEmpty()) {
            assertEquals(all.bounded(most), decision);
        } else {
            assertEquals(accepted.subList(0, Math.min(most, accepted.size())), decision.hosts());
            assertEquals(accepted.size() - decision.hosts().size(), decision.passedOver());
            assertEquals(
                    all.rejected().size(),
                    decision.others().stream().mapToInt(RejectionCount::hosts).sum());
        }
        assertEquals(views.size(), decision.total());
    }

    @Test
    void filtersThatJudgeByColumnsAreNotAskedHostByHost() {
        LeastFree columns = new LeastFree(3, true);
        LeastFree plugIn = new LeastFree(3, false);
        HostScheduler scheduler = new HostScheduler(List.of(plugIn, columns), List.of(), HostOrder.bestFirst());

        // 28 of 32 vCPUs are free, then 2.
        scheduler.decide(
                SchedulerFixture.REQUEST,
                index(List.of(view(1, 4, false), view(2, 30, false), view(3, 30, false))),
                Map.of(),
                Exclusion.NONE,
                5);

        assertEquals(0, columns.tests.get());
        assertEquals(1, plugIn.tests.get(), "asked about a host that was out of the question already");
    }

    @Test
    void oneThatThrowsOnColumnsIsAskedHostByHostAndRejectsNobodyElse() {
        HostFilter broken = new HostFilter() {
            @Override
            public String name() {
                return "Broken";
            }

            @Override
            public Verdict test(PlacementRequest request, HostView host) {
                return host.id().value().equals("h001") ? Verdict.reject("NO", "", "") : Verdict.pass();
            }

            @Override
            public Optional<ColumnFilter> columns(PlacementRequest request) {
                return Optional.of((hosts, rows, count) -> {
                    rows[0] = 77;
                    throw new IllegalStateException("a fault of the test");
                });
            }
        };
        HostWeigher brokenWeigher = new HostWeigher() {
            @Override
            public double weigh(PlacementRequest request, HostView host) {
                return host.freeVcpus();
            }

            @Override
            public Optional<ColumnWeigher> columns(PlacementRequest request) {
                throw new IllegalStateException("a fault of the test");
            }
        };
        HostScheduler scheduler = new HostScheduler(
                List.of(new LeastFree(3, true), broken),
                List.of(new WeightedWeigher(brokenWeigher, 1)),
                HostOrder.bestFirst());

        PlacementReport decision = scheduler.decide(
                SchedulerFixture.REQUEST,
                index(List.of(view(1, 0, false), view(2, 4, false), view(3, 0, false), view(4, 31, false))),
                Map.of(),
                Exclusion.NONE,
                5);

        assertEquals(List.of("h003", "h002"), SchedulerFixture.names(decision));
        assertEquals(
                List.of(
                        new RejectionCount("Broken", Optional.empty(), 1),
                        new RejectionCount("LeastFree3", Optional.empty(), 1)),
                decision.others());
    }

    @Test
    void hostsThatWeighTheSameAsTheBestAreShuffledWhereverTheyAre() {
        List<HostView> views = IntStream.range(0, 200)
                .mapToObj(i -> view(i, i == 50 ? 20 : 4, false))
                .toList();
        HostScheduler scheduler = new HostScheduler(
                List.of(), List.of(new WeightedWeigher(new Free(true), 1)), new HostOrder(1, true, new Random(20_26)));
        CandidateIndex index = index(views);
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            firsts.add(SchedulerFixture.names(
                            scheduler.decide(SchedulerFixture.REQUEST, index, Map.of(), Exclusion.NONE, 3))
                    .get(0));
        }

        assertEquals(199, firsts.size());
        assertTrue(!firsts.contains("h050"), "the worst host came first");
    }

    @Test
    void theFirstIsDrawnFromAsManyAsTheSubsetHasEvenIfFewerAreNamed() {
        List<HostView> views =
                IntStream.range(0, 20).mapToObj(i -> view(i, i, false)).toList();
        HostScheduler scheduler = new HostScheduler(
                List.of(), List.of(new WeightedWeigher(new Free(true), 1)), new HostOrder(5, false, new Random(1)));
        CandidateIndex index = index(views);
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            PlacementReport decision = scheduler.decide(SchedulerFixture.REQUEST, index, Map.of(), Exclusion.NONE, 2);
            assertEquals(2, decision.hosts().size());
            assertEquals(20, decision.total());
            firsts.add(SchedulerFixture.names(decision).get(0));
        }

        assertEquals(Set.of("h000", "h001", "h002", "h003", "h004"), firsts);
    }

    @Test
    void aWeigherThatRatesEveryHostNothingIsReportedAsSuch() {
        HostWeigher zero = new HostWeigher() {
            @Override
            public String name() {
                return "Zero";
            }

            @Override
            public double weigh(PlacementRequest request, HostView host) {
                return 0;
            }

            @Override
            public Optional<ColumnWeigher> columns(PlacementRequest request) {
                return Optional.of(ColumnWeigher.ZERO);
            }
        };
        List<HostView> views = List.of(view(1, 4, false), view(2, 8, false));
        HostScheduler scheduler = new HostScheduler(
                List.of(),
                List.of(new WeightedWeigher(zero, 7), new WeightedWeigher(new Free(true), 1)),
                HostOrder.bestFirst());

        PlacementReport decision =
                scheduler.decide(SchedulerFixture.REQUEST, index(views), Map.of(), Exclusion.NONE, 5);

        assertEquals(scheduler.rank(SchedulerFixture.REQUEST, views, Exclusion.NONE), decision);
        assertEquals("Zero", decision.hosts().get(0).scores().get(0).weigher());
    }
}
