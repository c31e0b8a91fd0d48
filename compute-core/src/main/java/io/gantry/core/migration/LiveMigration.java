package io.gantry.core.migration;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.Optional;

/**
 * A request to move an instance live.
 *
 * @param id the instance
 * @param target the requested host, if one is
 * @param maxDowntime how long the guest may stand still
 * @param deadline how long the copy may take
 * @param maxBandwidth bound on bandwidth; zero for none
 */
record LiveMigration(
        InstanceId id, Optional<HostId> target, Duration maxDowntime, Duration deadline, Bandwidth maxBandwidth) {
    static LiveMigration of(InstanceId id, LiveMigrationSpec spec) {
        return new LiveMigration(id, spec.target(), spec.maxDowntime(), spec.deadline(), spec.maxBandwidth());
    }
}
