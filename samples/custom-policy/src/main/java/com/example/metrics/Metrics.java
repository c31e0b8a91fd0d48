package com.example.metrics;

import io.gantry.spi.scheduler.HostView;
import java.util.Map;
import java.util.OptionalDouble;

/** What was measured of hosts, as aggregates say it: {@code metrics.temperature=61.5}. */
final class Metrics {
    private static final String PREFIX = "metrics.";

    private Metrics() {}

    /** {@return a host's value, the highest if its aggregates say several; empty if none says a number} */
    static OptionalDouble of(HostView host, String metric) {
        return host.aggregateMetadata(PREFIX + metric).stream()
                .flatMap(text -> number(text).stream().boxed())
                .mapToDouble(Double::doubleValue)
                .max();
    }

    private static OptionalDouble number(String text) {
        try {
            double value = Double.parseDouble(text.strip());
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** {@return the ratios by metric, checked} */
    static Map<String, Double> checked(Map<String, Double> ratios) {
        ratios.forEach((metric, ratio) -> {
            if (metric.isBlank() || !Double.isFinite(ratio)) {
                throw new IllegalArgumentException("metric '" + metric + "' has ratio " + ratio + ": name it, and give a number");
            }
        });
        return Map.copyOf(ratios);
    }
}
