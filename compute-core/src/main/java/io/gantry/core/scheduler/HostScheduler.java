package io.gantry.core.scheduler;

import io.gantry.host.HostId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Filters hosts, weighs those that pass if there are several, and ranks them. Claims nothing. There are two ways, which yield
 * the same hosts: {@link #rank} asks each filter about each host, in the configured order, and says why for each;
 * {@link #decide} judges an index in bulk, and says why for the best. Safe for use by many threads.
 */
public final class HostScheduler {
    private static final Logger LOG = LoggerFactory.getLogger(HostScheduler.class);

    private final List<HostFilter> filters;
    private final WeightedWeigher[] weighers;
    private final HostOrder order;
    private final List<FilterResult> passes;
    private final BulkFilters bulk;
    private final ConcurrentLinkedQueue<Survey> surveys = new ConcurrentLinkedQueue<>();

    /**
     * Creates a scheduler.
     *
     * @param filters in the order in which they are asked
     * @param weighers with their multipliers
     * @param order in which hosts that passed are tried
     */
    public HostScheduler(List<HostFilter> filters, List<WeightedWeigher> weighers, HostOrder order) {
        this.filters = List.copyOf(filters);
        this.weighers = weighers.toArray(new WeightedWeigher[0]);
        this.order = order;
        this.passes = this.filters.stream()
                .map(filter -> new FilterResult(filter.name(), Verdict.pass()))
                .toList();
        this.bulk = new BulkFilters(this.filters);
    }

    /** {@return a scheduler with those filters only that are asked when an instance is rebuilt from another image} */
    public HostScheduler onRebuild() {
        return new HostScheduler(
                filters.stream().filter(HostFilter::runsOnRebuild).toList(), List.of(), order);
    }

    /**
     * Ranks hosts.
     *
     * @param request what is to be placed
     * @param hosts the hosts in question
     * @param exclusion asked before the filters
     * @return a report without a choice, on every host: accepted hosts first, in the order in which they are to be tried,
     *     then the rejected ones by id
     */
    public PlacementReport rank(PlacementRequest request, List<HostView> hosts, Exclusion exclusion) {
        List<HostView> accepted = new ArrayList<>();
        List<HostReport> rejected = new ArrayList<>();
        for (HostView host : hosts) {
            List<FilterResult> results = judge(request, host, exclusion);
            if (isRejection(results)) {
                rejected.add(new HostReport(host.id(), results, List.of()));
            } else {
                accepted.add(host);
            }
        }
        accepted.sort(Comparator.comparing(HostView::id));
        rejected.sort(Comparator.comparing(HostReport::host));
        List<HostReport> reports = new ArrayList<>(withSurvey(survey -> {
            survey.ensure(accepted.size());
            accepted.forEach(host -> survey.add(host, weighers, (weigher, view) -> raw(weigher, request, view)));
            survey.weigh(weighers, mayAllDiffer());
            return order.of(reports(survey, survey.best(accepted.size(), false, 0), accepted.size()));
        }));
        reports.addAll(rejected);
        Optional<String> advice = accepted.isEmpty()
                ? Scarcity.advice(hosts, rejected, host -> judgeFully(request, host, exclusion))
                : Optional.empty();
        return new PlacementReport(Optional.empty(), reports, List.of(), 0, advice);
    }

    /**
     * Decides among the hosts of an index.
     *
     * @param request what is to be placed
     * @param index the hosts in question
     * @param overrides hosts that are not as the index says, such as those of a plan's earlier claims
     * @param exclusion asked besides the filters
     * @param most how many of the best hosts are wanted, 1 or more
     * @return a bounded report without a choice: the best hosts that passed, in the order in which they are to be tried; if
     *     none did, some of those that were rejected
     */
    public PlacementReport decide(
            PlacementRequest request,
            CandidateIndex index,
            Map<HostId, HostView> overrides,
            Exclusion exclusion,
            int most) {
        int wanted = Math.max(most, order.subsetSize());
        Optional<PlacementReport> decision =
                withSurvey(survey -> decide(request, index, overrides, exclusion, wanted, survey));
        return decision.orElseGet(() -> rank(request, index.views(overrides), exclusion))
                .bounded(most);
    }

    private Optional<PlacementReport> decide(
            PlacementRequest request,
            CandidateIndex index,
            Map<HostId, HostView> overrides,
            Exclusion exclusion,
            int most,
            Survey survey) {
        Rejections rejections = new Rejections();
        boolean[] mayDiffer = new boolean[weighers.length];
        boolean[] measured = new boolean[weighers.length];
        boolean plain = exclusion == Exclusion.NONE && overrides.isEmpty();
        List<HostFilter> left = new ArrayList<>();
        List<HostReport> best = index.read(table -> {
            left.addAll(bulk.retain(request, table, overrides.keySet(), survey, rejections));
            boolean byColumns = measure(request, table, survey, measured, mayDiffer);
            if (!plain || !byColumns || !left.isEmpty()) {
                survey.collect(table);
                return List.of();
            }
            int[] numbers = weigh(survey, mayDiffer, most);
            survey.collect(table, numbers, Math.min(most, survey.count()));
            return reports(survey, numbers, most);
        });
        if (!best.isEmpty()) {
            return Optional.of(report(best, survey, rejections));
        }
        if (exclusion != Exclusion.NONE) {
            survey.retain(view -> !rejections.note(exclusion.of(view)));
        }
        left.forEach(filter -> {
            int before = survey.count();
            survey.retain(view -> test(filter, request, view).passed());
            rejections.note(filter.name(), before - survey.count());
        });
        for (int w = 0; w < weighers.length; w++) {
            if (!measured[w]) {
                measureEach(request, weighers[w].weigher(), survey, w);
            }
        }
        for (HostView override : overrides.values()) {
            List<FilterResult> results = judge(request, override, exclusion);
            if (isRejection(results)) {
                rejections.note(Optional.of(results.get(results.size() - 1)));
            } else {
                survey.add(override, weighers, (weigher, view) -> raw(weigher, request, view));
            }
        }
        if (survey.count() == 0) {
            return Optional.empty();
        }
        return Optional.of(report(reports(survey, weigh(survey, mayDiffer, most), most), survey, rejections));
    }

    private PlacementReport report(List<HostReport> best, Survey survey, Rejections rejections) {
        return new PlacementReport(
                Optional.empty(),
                order.drawn(best),
                rejections.counts(),
                survey.count() - best.size(),
                Optional.empty());
    }

    /**
     * Measures what can be measured by columns, and says which multipliers aggregates may change.
     *
     * @return whether nothing is left for which each host is to be looked at
     */
    private boolean measure(
            PlacementRequest request, CandidateTable table, Survey survey, boolean[] measured, boolean[] mayDiffer) {
        boolean all = true;
        for (int w = 0; w < weighers.length; w++) {
            measured[w] = measure(request, table, survey, w);
            mayDiffer[w] = !survey.isZero(w)
                    && weighers[w]
                            .weigher()
                            .multiplierKey()
                            .filter(table::mentions)
                            .isPresent();
            all &= measured[w] && !mayDiffer[w];
        }
        return all;
    }

    private boolean measure(PlacementRequest request, CandidateTable table, Survey survey, int weigher) {
        try {
            Optional<ColumnWeigher> columns = weighers[weigher].weigher().columns(request);
            // What is 0 for every host weighs nothing on any scale.
            boolean zero = columns.filter(by -> by.isZero(table)).isPresent();
            survey.zero(weigher, zero);
            if (!zero) {
                columns.ifPresent(by -> by.weigh(table, survey.rows(), survey.count(), survey.raw(weigher)));
            }
            return columns.isPresent();
        } catch (RuntimeException | LinkageError | AssertionError e) {
            survey.zero(weigher, false);
            LOG.warn("Weigher {} threw on columns", weighers[weigher].weigher().name(), e);
            return false;
        }
    }

    private static void measureEach(PlacementRequest request, HostWeigher weigher, Survey survey, int w) {
        double[] values = survey.raw(w);
        for (int i = 0; i < survey.count(); i++) {
            values[i] = raw(weigher, request, survey.views()[i]);
        }
    }

    /** {@return the numbers of the best hosts} */
    private int[] weigh(Survey survey, boolean[] mayDiffer, int most) {
        survey.weigh(weighers, mayDiffer);
        return survey.best(most, order.shufflesBest(), order.seed());
    }

    private List<HostReport> reports(Survey survey, int[] numbers, int most) {
        List<HostReport> reports = new ArrayList<>();
        for (int i = 0; i < Math.min(most, survey.count()); i++) {
            int number = numbers[i];
            reports.add(new HostReport(survey.views()[number].id(), passes, survey.scores(weighers, number)));
        }
        return reports;
    }

    private boolean[] mayAllDiffer() {
        boolean[] all = new boolean[weighers.length];
        Arrays.fill(all, true);
        return all;
    }

    /** What is done with a survey. */
    private interface Use<T> {
        T of(Survey survey);
    }

    private <T> T withSurvey(Use<T> use) {
        Survey idle = surveys.poll();
        Survey survey = idle == null ? new Survey(weighers.length) : idle;
        try {
            return use.of(survey);
        } finally {
            survey.clear();
            surveys.offer(survey);
        }
    }

    /** {@return the hosts of a ranking that passed, in the order in which they are to be tried} */
    public static List<HostId> accepted(PlacementReport ranking) {
        List<HostId> accepted = new ArrayList<>(ranking.hosts().size());
        for (HostReport host : ranking.hosts()) {
            if (host.rejection().isEmpty()) {
                accepted.add(host.host());
            }
        }
        return accepted;
    }

    private static boolean isRejection(List<FilterResult> results) {
        return !results.isEmpty() && !results.get(results.size() - 1).verdict().passed();
    }

    /** {@return the verdicts up to and including the first rejection} */
    private List<FilterResult> judge(PlacementRequest request, HostView host, Exclusion exclusion) {
        List<FilterResult> results = new ArrayList<>();
        Optional<FilterResult> ruledOut = exclusion.of(host);
        if (ruledOut.isPresent()) {
            results.add(ruledOut.get());
            return results;
        }
        for (HostFilter filter : filters) {
            Verdict verdict = test(filter, request, host);
            results.add(new FilterResult(filter.name(), verdict));
            if (!verdict.passed()) {
                break;
            }
        }
        return results;
    }

    /** {@return all rejections of a host} */
    private List<FilterResult> judgeFully(PlacementRequest request, HostView host, Exclusion exclusion) {
        List<FilterResult> rejections =
                new ArrayList<>(exclusion.of(host).stream().toList());
        for (HostFilter filter : filters) {
            Verdict verdict = test(filter, request, host);
            if (!verdict.passed()) {
                rejections.add(new FilterResult(filter.name(), verdict));
            }
        }
        return rejections;
    }

    static Verdict test(HostFilter filter, PlacementRequest request, HostView host) {
        try {
            return filter.test(request, host);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("Filter {} threw on host {}", filter.name(), host.id(), e);
            return Verdict.reject("FILTER_ERROR", "a verdict", e.toString());
        }
    }

    private static double raw(HostWeigher weigher, PlacementRequest request, HostView host) {
        try {
            return weigher.weigh(request, host);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("Weigher {} threw on host {}", weigher.name(), host.id(), e);
            return Double.NaN;
        }
    }
}
