package io.gantry.migration;

import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import java.time.Duration;
import java.util.List;

/**
 * A live migration that is done.
 *
 * @param instance the instance afterwards
 * @param source where it was
 * @param target where it is
 * @param total from request to end
 * @param downtime how long the guest stood still, by the hypervisor's statistics
 * @param phases each phase with its duration
 * @param statistics the hypervisor's statistics of the finished job
 */
public record MigrationReport(
        Instance instance,
        HostId source,
        HostId target,
        Duration total,
        Duration downtime,
        List<PhaseTiming> phases,
        MigrationStatistics statistics) {
    /**
     * Copies the phases.
     *
     * @param instance see the record
     * @param source see the record
     * @param target see the record
     * @param total see the record
     * @param downtime see the record
     * @param phases see the record
     * @param statistics see the record
     */
    public MigrationReport {
        phases = List.copyOf(phases);
    }
}
