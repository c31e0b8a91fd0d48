package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.migration.MigrationStatistics;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Turns a job's figures into migration statistics. */
final class MigrationFigures {
    private static final String ELAPSED = "time_elapsed";
    private static final String DOWNTIME = "downtime";
    private static final String TOTAL = "memory_total";
    private static final String PROCESSED = "memory_processed";
    private static final String REMAINING = "memory_remaining";
    private static final String DIRTY_RATE = "memory_dirty_rate";
    private static final String PAGE_SIZE = "memory_page_size";
    private static final String BANDWIDTH = "memory_bps";
    private static final String ITERATION = "memory_iteration";
    private static final Set<String> SHOWN =
            Set.of(ELAPSED, DOWNTIME, TOTAL, PROCESSED, REMAINING, DIRTY_RATE, PAGE_SIZE, BANDWIDTH, ITERATION);
    private static final long USUAL_PAGE = 4096;

    private MigrationFigures() {}

    static MigrationStatistics of(JobStatistics job) {
        Map<String, String> other = new LinkedHashMap<>(job.asText());
        other.keySet().removeAll(SHOWN);
        OptionalLong downtime = job.number(DOWNTIME);
        return new MigrationStatistics(
                Duration.ofMillis(number(job, ELAPSED)),
                number(job, TOTAL),
                number(job, PROCESSED),
                number(job, REMAINING),
                new Bandwidth(number(job, DIRTY_RATE) * job.number(PAGE_SIZE).orElse(USUAL_PAGE)),
                new Bandwidth(number(job, BANDWIDTH)),
                number(job, ITERATION),
                downtime.isPresent()
                        ? Optional.of(Duration.ofMillis(Math.max(0, downtime.getAsLong())))
                        : Optional.empty(),
                other);
    }

    private static long number(JobStatistics job, String name) {
        return Math.max(0, job.number(name).orElse(0));
    }
}
