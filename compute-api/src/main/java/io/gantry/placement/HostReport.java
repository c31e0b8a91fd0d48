package io.gantry.placement;

import io.gantry.host.HostId;
import java.util.List;
import java.util.Optional;

/**
 * Why one host was taken, passed over or rejected.
 *
 * @param host the host
 * @param filters the verdicts up to and including the first rejection
 * @param scores its scores; empty if it was rejected, and if it was the only one that passed, which nobody weighs
 */
public record HostReport(HostId host, List<FilterResult> filters, List<WeigherScore> scores) {
    /**
     * Copies the lists.
     *
     * @param host see the record
     * @param filters see the record
     * @param scores see the record
     */
    public HostReport {
        filters = List.copyOf(filters);
        scores = List.copyOf(scores);
    }

    /** {@return the filter that rejected the host, if one did} */
    public Optional<FilterResult> rejection() {
        for (FilterResult result : filters) {
            if (!result.verdict().passed()) {
                return Optional.of(result);
            }
        }
        return Optional.empty();
    }

    /** {@return the sum of the weighted scores} */
    public double weight() {
        double sum = 0;
        for (WeigherScore score : scores) {
            sum += score.weighted();
        }
        return sum;
    }
}
