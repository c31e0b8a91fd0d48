package io.gantry.core.scheduler;

import io.gantry.host.HostId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.Shortage;
import io.gantry.spi.scheduler.HostView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says in one line what is scarcest where no host passes, and what would help. The scarcest is what most hosts are first
 * rejected for. What would help is taken from the hosts that only one filter rejects: to satisfy that one is enough there.
 */
final class Scarcity {
    private static final int NAMED = 3;

    private Scarcity() {}

    /** A host that only one filter rejects. */
    private record NearMiss(HostId host, FilterResult rejection) {}

    /**
     * {@return what is scarcest and what would help; empty if there is no host}
     *
     * @param hosts all hosts
     * @param rejected their reports
     * @param fully yields all rejections of a host, not only the first
     */
    static Optional<String> advice(
            List<HostView> hosts, List<HostReport> rejected, Function<HostView, List<FilterResult>> fully) {
        if (rejected.isEmpty()) {
            return Optional.empty();
        }
        List<NearMiss> misses = new ArrayList<>();
        for (HostView host : hosts) {
            List<FilterResult> all = fully.apply(host);
            if (all.size() == 1) {
                misses.add(new NearMiss(host.id(), all.get(0)));
            }
        }
        return Optional.of(scarcest(rejected) + help(misses));
    }

    private static String scarcest(List<HostReport> rejected) {
        Map<String, Long> byReason = rejected.stream()
                .flatMap(host -> host.rejection().stream())
                .collect(Collectors.groupingBy(Scarcity::reason, TreeMap::new, Collectors.counting()));
        Map.Entry<String, Long> most = byReason.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow();
        return "Scarcest: " + most.getKey() + ", on " + most.getValue() + " of " + rejected.size() + " hosts.";
    }

    private static String reason(FilterResult rejection) {
        return rejection
                .verdict()
                .shortage()
                .map(Shortage::resource)
                .orElseGet(() -> rejection.verdict().needed().isEmpty()
                        ? rejection.filter() + "/" + rejection.verdict().code()
                        : rejection.verdict().needed());
    }

    private static String help(List<NearMiss> misses) {
        if (misses.isEmpty()) {
            return " Each host is short of several things; see its report, or add a host";
        }
        Optional<NearMiss> closest = misses.stream()
                .filter(miss -> miss.rejection().verdict().shortage().isPresent())
                .min(Comparator.comparingLong(Scarcity::missing).thenComparing(NearMiss::host));
        if (closest.isPresent()) {
            Shortage shortage = closest.get().rejection().verdict().shortage().orElseThrow();
            return " " + closest.get().host() + " lacks nothing else but " + shortage.words() + " of "
                    + shortage.resource()
                    + (shortage.freeable()
                            ? ": free that there, or ask for so much less"
                            : ": ask for so much less, or add a larger host");
        }
        String named = misses.stream()
                .limit(NAMED)
                .map(miss -> miss.host() + " (" + miss.rejection().filter() + " "
                        + miss.rejection().verdict() + ")")
                .collect(Collectors.joining(", "));
        return " One filter alone stands in the way on " + named
                + (misses.size() > NAMED ? " and " + (misses.size() - NAMED) + " more hosts" : "");
    }

    private static long missing(NearMiss miss) {
        return miss.rejection().verdict().shortage().orElseThrow().missing();
    }
}
