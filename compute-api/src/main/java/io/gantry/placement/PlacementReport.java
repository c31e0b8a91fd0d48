package io.gantry.placement;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A placement decision with its reasons. A report of a dry run names every host. One that is kept with an instance, or comes
 * with a failure, is bounded: it names the best hosts and some that were rejected, and counts the others.
 *
 * @param chosen the host that was taken; empty if none could be
 * @param hosts one report a host: accepted hosts first, in the order in which they are tried (best first, unless the engine
 *     draws among the best), then rejected ones by id
 * @param others how many hosts besides were rejected, by filter
 * @param passedOver how many hosts besides passed all filters, and were not tried
 * @param advice what is scarcest and what would help, one line, if no host passed; empty if one did
 */
public record PlacementReport(
        Optional<HostId> chosen,
        List<HostReport> hosts,
        List<RejectionCount> others,
        int passedOver,
        Optional<String> advice) {
    /**
     * Copies the lists.
     *
     * @param chosen see the record
     * @param hosts see the record
     * @param others see the record
     * @param passedOver see the record
     * @param advice see the record
     */
    public PlacementReport {
        requireNonNull(chosen, "chosen");
        requireNonNull(advice, "advice");
        hosts = List.copyOf(hosts);
        others = List.copyOf(others);
    }

    /**
     * Creates a report that names every host.
     *
     * @param chosen see the record
     * @param hosts see the record
     */
    public PlacementReport(Optional<HostId> chosen, List<HostReport> hosts) {
        this(chosen, hosts, List.of(), 0, Optional.empty());
    }

    /**
     * {@return the report with another choice}
     *
     * @param host the host that was taken
     */
    public PlacementReport withChosen(Optional<HostId> host) {
        return new PlacementReport(host, hosts, others, passedOver, advice);
    }

    /**
     * {@return the report with other reports of hosts}
     *
     * @param named see the record
     */
    public PlacementReport withHosts(List<HostReport> named) {
        return new PlacementReport(chosen, named, others, passedOver, advice);
    }

    /** {@return the reports of the rejected hosts that are named} */
    public List<HostReport> rejected() {
        return hosts.stream().filter(host -> host.rejection().isPresent()).toList();
    }

    /** {@return how many hosts were looked at} */
    public int total() {
        return hosts.size()
                + passedOver
                + others.stream().mapToInt(RejectionCount::hosts).sum();
    }

    /**
     * {@return the report with at most so many accepted and so many rejected hosts named, and the others counted}
     *
     * @param most 1 or more
     * @throws InvalidRequest if it is less
     */
    public PlacementReport bounded(int most) {
        if (most < 1) {
            throw new InvalidRequest("report.most", most, "names no host", "Give 1 or more");
        }
        if (hosts.size() <= most) {
            return this;
        }
        List<HostReport> named = new ArrayList<>();
        List<HostReport> counted = new ArrayList<>();
        int accepted = 0;
        int rejected = 0;
        for (HostReport host : hosts) {
            boolean fits = host.rejection().isPresent() ? rejected++ < most : accepted++ < most;
            (fits ? named : counted).add(host);
        }
        if (counted.isEmpty()) {
            return this;
        }
        Map<String, RejectionCount> byReason = new TreeMap<>();
        others.forEach(count -> byReason.merge(count.reason(), count, PlacementReport::sum));
        counted.stream().flatMap(host -> host.rejection().stream()).forEach(rejection -> {
            RejectionCount one = new RejectionCount(
                    rejection.filter(), Optional.of(rejection.verdict().code()), 1);
            byReason.merge(one.reason(), one, PlacementReport::sum);
        });
        return new PlacementReport(
                chosen, named, List.copyOf(byReason.values()), passedOver + Math.max(0, accepted - most), advice);
    }

    private static RejectionCount sum(RejectionCount one, RejectionCount other) {
        return new RejectionCount(one.filter(), one.code(), one.hosts() + other.hosts());
    }

    /** {@return one line: how many hosts were rejected for which reason} */
    public String summary() {
        int all = total();
        if (all == 0) {
            return "no host is registered";
        }
        Map<String, Integer> reasons = new TreeMap<>();
        others.forEach(count -> reasons.merge(count.reason(), count.hosts(), Integer::sum));
        rejected().stream()
                .flatMap(host -> host.rejection().stream())
                .forEach(result ->
                        reasons.merge(result.filter() + "/" + result.verdict().code(), 1, Integer::sum));
        String counts = reasons.entrySet().stream()
                .map(reason -> reason.getKey() + " x" + reason.getValue())
                .collect(Collectors.joining(", "));
        int rejected = reasons.values().stream().mapToInt(Integer::intValue).sum();
        return rejected + " of " + all + " hosts rejected" + (counts.isEmpty() ? "" : ": " + counts);
    }

    /**
     * {@return the report as a table for a person: one line for each host that is named, with its weight and what counted or with
     * the first filter that rejected it and that filter's numbers; then how many others there are; then the summary and the
     * advice} The chosen host is marked with an asterisk.
     */
    public String table() {
        int width = hosts.stream()
                .mapToInt(host -> host.host().value().length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (HostReport host : hosts) {
            String mark = chosen.equals(Optional.of(host.host())) ? "*" : " ";
            lines.add(String.format(Locale.ROOT, "%s %-" + Math.max(1, width) + "s  %s", mark, host.host(), why(host)));
        }
        if (passedOver > 0) {
            lines.add("  " + passedOver + " more passed");
        }
        others.forEach(count -> lines.add("  " + count.hosts() + " more rejected by " + count.reason()));
        lines.add(summary());
        advice.ifPresent(lines::add);
        return String.join("\n", lines);
    }

    private static String why(HostReport host) {
        Optional<FilterResult> rejection = host.rejection();
        if (rejection.isPresent()) {
            return "rejected by " + rejection.get().filter() + ": "
                    + rejection.get().verdict();
        }
        String scores = host.scores().stream()
                .filter(score -> score.weighted() != 0)
                .map(score ->
                        String.format(Locale.ROOT, "%s %.3f of %s", score.weigher(), score.weighted(), raw(score)))
                .collect(Collectors.joining(", "));
        if (host.scores().isEmpty()) {
            return "passed";
        }
        return String.format(Locale.ROOT, "passed, weight %.3f", host.weight())
                + (scores.isEmpty() ? "" : " (" + scores + ")");
    }

    /** Bytes and counts are written without a fraction. */
    private static String raw(WeigherScore score) {
        return Double.isFinite(score.raw()) && score.raw() == Math.rint(score.raw())
                ? String.format(Locale.ROOT, "%.0f", score.raw())
                : String.format(Locale.ROOT, "%.3f", score.raw());
    }
}
