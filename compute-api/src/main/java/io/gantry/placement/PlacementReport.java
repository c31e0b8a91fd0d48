package io.gantry.placement;

import io.gantry.host.HostId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A placement decision with its reasons.
 *
 * @param chosen the host that was taken; empty if none could be
 * @param hosts one report a host that was looked at: accepted hosts first, in the order in which they are tried (best first,
 *     unless the engine draws among the best), then the rejected ones by id
 */
public record PlacementReport(Optional<HostId> chosen, List<HostReport> hosts) {
    /**
     * Copies the list.
     *
     * @param chosen see the record
     * @param hosts see the record
     */
    public PlacementReport {
        hosts = List.copyOf(hosts);
    }

    /** {@return the reports of the rejected hosts} */
    public List<HostReport> rejected() {
        return hosts.stream().filter(host -> host.rejection().isPresent()).toList();
    }

    /** {@return one line: how many hosts were rejected for which reason} */
    public String summary() {
        if (hosts.isEmpty()) {
            return "no host is registered";
        }
        Map<String, Long> reasons = rejected().stream()
                .flatMap(host -> host.rejection().stream())
                .collect(Collectors.groupingBy(
                        result -> result.filter() + "/" + result.verdict().code(),
                        TreeMap::new,
                        Collectors.counting()));
        String counts = reasons.entrySet().stream()
                .map(reason -> reason.getKey() + " x" + reason.getValue())
                .collect(Collectors.joining(", "));
        return rejected().size() + " of " + hosts.size() + " hosts rejected" + (counts.isEmpty() ? "" : ": " + counts);
    }
}
