package io.gantry.core.scheduler;

import io.gantry.host.HostId;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Filters hosts in order, weighs those that pass if there are several, and ranks them. Claims nothing. */
public final class HostScheduler {
    private static final Logger LOG = LoggerFactory.getLogger(HostScheduler.class);

    private final List<HostFilter> filters;
    private final List<WeightedWeigher> weighers;
    private final HostOrder order;

    /**
     * Creates a scheduler.
     *
     * @param filters in the order in which they are asked
     * @param weighers with their multipliers
     * @param order in which hosts that passed are tried
     */
    public HostScheduler(List<HostFilter> filters, List<WeightedWeigher> weighers, HostOrder order) {
        this.filters = List.copyOf(filters);
        this.weighers = List.copyOf(weighers);
        this.order = order;
    }

    /**
     * Ranks hosts.
     *
     * @param request what is to be placed
     * @param hosts the hosts in question
     * @param first asked before the filters: what the verb itself rules out, such as the source of a migration
     * @return a report without a choice: accepted hosts first, in the order in which they are to be tried, then the
     *     rejected ones by id
     */
    public PlacementReport rank(
            PlacementRequest request, List<HostView> hosts, Function<HostView, Optional<FilterResult>> first) {
        List<HostView> accepted = new ArrayList<>();
        List<List<FilterResult>> verdicts = new ArrayList<>();
        List<HostReport> rejected = new ArrayList<>();
        for (HostView host : hosts) {
            List<FilterResult> results = judge(request, host, first);
            if (results.stream().allMatch(result -> result.verdict().passed())) {
                accepted.add(host);
                verdicts.add(results);
            } else {
                rejected.add(new HostReport(host.id(), results, List.of()));
            }
        }
        List<List<WeigherScore>> scores = weigh(request, accepted);
        List<HostReport> ranked = new ArrayList<>();
        for (int i = 0; i < accepted.size(); i++) {
            ranked.add(new HostReport(accepted.get(i).id(), verdicts.get(i), scores.get(i)));
        }
        ranked.sort(Comparator.comparingDouble(HostReport::weight).reversed().thenComparing(HostReport::host));
        rejected.sort(Comparator.comparing(HostReport::host));
        List<HostReport> reports = new ArrayList<>(order.of(ranked));
        reports.addAll(rejected);
        return new PlacementReport(Optional.empty(), reports);
    }

    /** {@return the hosts of a ranking that passed, in the order in which they are to be tried} */
    public static List<HostId> accepted(PlacementReport ranking) {
        return ranking.hosts().stream()
                .filter(host -> host.rejection().isEmpty())
                .map(HostReport::host)
                .toList();
    }

    private List<FilterResult> judge(
            PlacementRequest request, HostView host, Function<HostView, Optional<FilterResult>> first) {
        List<FilterResult> results = new ArrayList<>();
        Optional<FilterResult> ruledOut = first.apply(host);
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

    private static Verdict test(HostFilter filter, PlacementRequest request, HostView host) {
        try {
            return filter.test(request, host);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("Filter {} threw on host {}", filter.name(), host.id(), e);
            return Verdict.reject("FILTER_ERROR", "a verdict", e.toString());
        }
    }

    /** One host needs no weighing: it has the same place whatever weighers say. */
    private List<List<WeigherScore>> weigh(PlacementRequest request, List<HostView> hosts) {
        List<List<WeigherScore>> scores = new ArrayList<>();
        hosts.forEach(host -> scores.add(new ArrayList<>()));
        if (hosts.size() < 2) {
            return scores;
        }
        for (WeightedWeigher weighted : weighers) {
            double[] raw = hosts.stream()
                    .mapToDouble(host -> raw(weighted.weigher(), request, host))
                    .toArray();
            double[] normalised = Normalisation.of(weighted.weigher().scale(), raw);
            for (int i = 0; i < raw.length; i++) {
                double score = normalised[i] * Multiplier.of(weighted, hosts.get(i));
                scores.get(i).add(new WeigherScore(weighted.weigher().name(), raw[i], normalised[i], score));
            }
        }
        return scores;
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
