package io.gantry.migration;

import io.gantry.host.HostId;
import io.gantry.operation.ProgressDetail;

/**
 * How far a live migration is.
 *
 * @param phase the phase it is in
 * @param source where the guest comes from
 * @param target where it goes
 * @param statistics the last sample
 */
public record MigrationProgress(MigrationPhase phase, HostId source, HostId target, MigrationStatistics statistics)
        implements ProgressDetail {}
