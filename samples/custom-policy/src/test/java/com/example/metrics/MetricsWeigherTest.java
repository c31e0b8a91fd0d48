package com.example.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.tck.HostWeigherContract;
import io.gantry.tck.SchedulerSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new MetricsWeigher(Map.of("temperature", -1.0, "load", -10.0));
    }

    @Override
    protected List<SchedulerSample> samples() {
        return Hosts.samples();
    }

    private double weigh(HostView host) {
        return weigher().weigh(SchedulerSample.spread(1).get(0).request(), host);
    }

    @Test
    void metricsAreSummedByTheirRatios() {
        assertEquals(-64.0, weigh(Hosts.measured(Map.of("metrics.temperature", "61.5", "metrics.load", "0.25"))));
        assertEquals(-10_000, weigh(Hosts.measured(Map.of("metrics.temperature", "61.5"))));
        assertEquals(-10_000, weigh(Hosts.measured(Map.of("metrics.temperature", "1e999", "metrics.load", "0"))));
    }

    @Test
    void theHighestOfSeveralValuesCounts() {
        HostView host = Hosts.measured(Map.of()).toBuilder()
                .aggregates(Map.of(
                        "rack", Map.of("metrics.temperature", "30", "metrics.load", "0"),
                        "room", Map.of("metrics.temperature", "35")))
                .build();
        assertEquals(-35.0, weigh(host));
    }

    @Test
    void ratiosAreNumbers() {
        assertThrows(IllegalArgumentException.class, () -> new MetricsWeigher(Map.of("load", Double.NaN)));
        assertThrows(IllegalArgumentException.class, () -> new MetricsWeigher(Map.of(" ", 1.0)));
    }
}
