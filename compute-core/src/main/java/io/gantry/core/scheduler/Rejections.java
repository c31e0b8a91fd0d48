package io.gantry.core.scheduler;

import io.gantry.placement.FilterResult;
import io.gantry.placement.RejectionCount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts who rejected how many hosts in one decision. */
final class Rejections {
    private final Map<String, RejectionCount> byReason = new TreeMap<>();

    /** Counts hosts that a filter rejected without saying why for each. */
    void note(String filter, int hosts) {
        if (hosts > 0) {
            add(new RejectionCount(filter, Optional.empty(), hosts));
        }
    }

    /** Counts a host, if it was rejected; {@return whether it was} */
    boolean note(Optional<FilterResult> rejection) {
        rejection.ifPresent(result -> add(
                new RejectionCount(result.filter(), Optional.of(result.verdict().code()), 1)));
        return rejection.isPresent();
    }

    private void add(RejectionCount count) {
        byReason.merge(
                count.reason(), count, (a, b) -> new RejectionCount(a.filter(), a.code(), a.hosts() + b.hosts()));
    }

    /** Forgets all counts. */
    void clear() {
        byReason.clear();
    }

    List<RejectionCount> counts() {
        return List.copyOf(byReason.values());
    }
}
