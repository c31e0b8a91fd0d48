package com.example.metrics;

import io.gantry.spi.scheduler.HostView;
import io.gantry.tck.SchedulerSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Hosts of which something was measured. */
final class Hosts {
    private Hosts() {}

    static HostView measured(Map<String, String> metadata) {
        return SchedulerSample.spread(1).get(0).host().toBuilder()
                .aggregates(Map.of("measured", metadata))
                .build();
    }

    /** Both metrics, one, a text, none. */
    static List<SchedulerSample> samples() {
        List<Map<String, String>> kinds = List.of(
                Map.of("metrics.temperature", "61.5", "metrics.load", "0.25"),
                Map.of("metrics.temperature", "40"),
                Map.of("metrics.temperature", "hot", "metrics.load", "1"),
                Map.of());
        List<SchedulerSample> samples = new ArrayList<>();
        for (SchedulerSample sample : SchedulerSample.spread(240)) {
            HostView host = sample.host().toBuilder()
                    .aggregates(Map.of("measured", kinds.get(samples.size() % kinds.size())))
                    .build();
            samples.add(new SchedulerSample(sample.request(), host));
        }
        return samples;
    }
}
