package com.example.metrics;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.Set;
import java.util.TreeSet;

/** Passes hosts of which all metrics are known. Rejects with code {@code METRICS}. */
public final class MetricsFilter implements HostFilter {
    private final Set<String> metrics;

    /** Creates the filter. */
    public MetricsFilter(Set<String> metrics) {
        this.metrics = Set.copyOf(metrics);
    }

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Set<String> missing = new TreeSet<>(metrics);
        missing.removeIf(metric -> Metrics.of(host, metric).isPresent());
        return missing.isEmpty()
                ? Verdict.pass()
                : Verdict.reject("METRICS", "all of " + new TreeSet<>(metrics), "none of " + missing);
    }
}
