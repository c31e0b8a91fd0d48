package com.example.metrics;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Prefers hosts with a great sum of metrics, each times its ratio: negative for what is better low, such as a temperature. A
 * host of which one is not known comes last.
 */
public final class MetricsWeigher implements HostWeigher {
    /** The weight of a host of which a metric is not known, as in Nova. */
    public static final double UNKNOWN = -10_000;

    private final Map<String, Double> ratios;

    /** Creates the weigher, with a ratio for each metric. */
    public MetricsWeigher(Map<String, Double> ratios) {
        // In order, so that sums are the same to the last digit.
        this.ratios = new TreeMap<>(Metrics.checked(ratios));
    }

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        double sum = 0;
        for (Map.Entry<String, Double> ratio : ratios.entrySet()) {
            OptionalDouble value = Metrics.of(host, ratio.getKey());
            if (value.isEmpty()) {
                return UNKNOWN;
            }
            sum += ratio.getValue() * value.getAsDouble();
        }
        return sum;
    }
}
