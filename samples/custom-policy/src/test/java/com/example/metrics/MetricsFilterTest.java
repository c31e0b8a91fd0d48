package com.example.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import io.gantry.tck.SchedulerSample;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new MetricsFilter(Set.of("temperature", "load"));
    }

    @Override
    protected List<SchedulerSample> samples() {
        return Hosts.samples();
    }

    private Verdict judge(Map<String, String> metadata) {
        return filter().test(SchedulerSample.spread(1).get(0).request(), Hosts.measured(metadata));
    }

    @Test
    void allMetricsHaveToBeKnown() {
        assertTrue(judge(Map.of("metrics.temperature", "61.5", "metrics.load", "0")).passed());
        Verdict verdict = judge(Map.of("metrics.temperature", "61.5", "metrics.load", "NaN"));
        assertEquals("METRICS", verdict.code());
        assertTrue(verdict.toString().contains("none of [load]"), verdict::toString);
        assertEquals("METRICS", judge(Map.of()).code());
    }
}
