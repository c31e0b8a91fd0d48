package io.gantry.core.state;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.RejectionCount;
import io.gantry.placement.Verdict;
import io.gantry.placement.WeigherScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The last placement decision for an instance, and those of a few operations before. Names of filters and weighers, which are
 * the same for each host, are kept once.
 *
 * @param instance the instance
 * @param operation which operation decided; empty in rows of before this was kept
 * @param chosen see {@link PlacementReport}
 * @param filters the names of the filters, in the order in which they were asked
 * @param weighers the names of the weighers
 * @param hosts the named hosts
 * @param others see {@link PlacementReport}
 * @param passedOver see {@link PlacementReport}
 * @param advice see {@link PlacementReport}
 * @param earlier decisions of earlier operations, the latest first, each without its own earlier ones
 */
public record PlacementRow(
        InstanceId instance,
        Optional<OperationId> operation,
        Optional<HostId> chosen,
        List<String> filters,
        List<String> weighers,
        List<NamedHost> hosts,
        List<RejectionCount> others,
        int passedOver,
        Optional<String> advice,
        List<PlacementRow> earlier) {
    /** The decisions of so many operations are kept. */
    public static final int MOST = 5;

    private static final int PARTS = 3;

    /** Copies the lists; rows of before earlier decisions were kept have none. */
    public PlacementRow {
        filters = List.copyOf(filters);
        weighers = List.copyOf(weighers);
        hosts = List.copyOf(hosts);
        others = List.copyOf(others);
        earlier = earlier == null ? List.of() : List.copyOf(earlier);
    }

    /**
     * A host that the report names.
     *
     * @param host the host
     * @param passed how many of the filters passed it, from the first one on
     * @param rejection what the next one said, or whoever rejected it after the filters
     * @param scores raw, normalised and weighted value of each weigher; empty if it was not weighed
     */
    public record NamedHost(HostId host, int passed, Optional<FilterResult> rejection, List<Double> scores) {
        /** Copies the scores. */
        public NamedHost {
            scores = List.copyOf(scores);
        }
    }

    /** {@return the row of a decision} */
    public static PlacementRow of(InstanceId instance, OperationId operation, PlacementReport report) {
        List<String> filters = List.of();
        List<String> weighers = List.of();
        List<NamedHost> hosts = new ArrayList<>();
        for (HostReport host : report.hosts()) {
            Optional<FilterResult> rejection = host.rejection();
            int passed = host.filters().size() - (rejection.isPresent() ? 1 : 0);
            if (passed > filters.size()) {
                filters = names(host.filters().subList(0, passed), FilterResult::filter);
            }
            if (host.scores().size() > weighers.size()) {
                weighers = names(host.scores(), WeigherScore::weigher);
            }
            List<Double> scores = new ArrayList<>(host.scores().size() * PARTS);
            for (WeigherScore score : host.scores()) {
                scores.add(score.raw());
                scores.add(score.normalised());
                scores.add(score.weighted());
            }
            hosts.add(new NamedHost(host.host(), passed, rejection, scores));
        }
        return new PlacementRow(
                instance,
                Optional.of(operation),
                report.chosen(),
                filters,
                weighers,
                hosts,
                report.others(),
                report.passedOver(),
                report.advice(),
                List.of());
    }

    /** {@return the decision, followed by those of other operations that a row has kept so far} */
    public PlacementRow after(PlacementRow before) {
        return withEarlier(Stream.concat(Stream.of(before.withEarlier(List.of())), before.earlier.stream())
                .filter(one -> !one.operation.equals(operation))
                .limit(MOST - 1L)
                .toList());
    }

    private PlacementRow withEarlier(List<PlacementRow> rows) {
        return new PlacementRow(
                instance, operation, chosen, filters, weighers, hosts, others, passedOver, advice, rows);
    }

    /** {@return what an operation decided; empty if it decided nothing, or that is not kept any more} */
    public Optional<PlacementReport> report(OperationId by) {
        return Stream.concat(Stream.of(this), earlier.stream())
                .filter(row -> row.operation.equals(Optional.of(by)))
                .map(PlacementRow::report)
                .findFirst();
    }

    private static <T> List<String> names(List<T> named, Function<T, String> name) {
        return named.stream().map(name).toList();
    }

    /** {@return the decision} */
    public PlacementReport report() {
        return new PlacementReport(chosen, hosts.stream().map(this::report).toList(), others, passedOver, advice);
    }

    private HostReport report(NamedHost host) {
        List<FilterResult> results = new ArrayList<>();
        filters.stream().limit(host.passed()).forEach(name -> results.add(new FilterResult(name, Verdict.pass())));
        host.rejection().ifPresent(results::add);
        List<WeigherScore> scores = new ArrayList<>();
        for (int i = 0; i + PARTS <= host.scores().size(); i += PARTS) {
            scores.add(new WeigherScore(
                    weighers.get(i / PARTS),
                    host.scores().get(i),
                    host.scores().get(i + 1),
                    host.scores().get(i + 2)));
        }
        return new HostReport(host.host(), results, scores);
    }
}
