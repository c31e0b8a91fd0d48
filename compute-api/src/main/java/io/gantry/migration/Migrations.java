package io.gantry.migration;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;

/** Moves instances between hosts. Safe for use by many threads. */
public interface Migrations {
    /**
     * Moves a running or paused instance to another host while it runs.
     *
     * <p>The operation's progress carries {@link MigrationProgress}. It can be cancelled until the target takes over;
     * the guest then stays on the source.
     *
     * @param id an instance in state {@link io.gantry.instance.VmState#ACTIVE} or
     *     {@link io.gantry.instance.VmState#PAUSED}
     * @param spec how
     * @return yields the report; fails with {@link io.gantry.placement.NoValidHost} if no host can take it (the report
     *     says why, host by host), or with {@link MigrationFailed}
     * @throws NotFound if the instance or the requested target does not exist
     * @throws InvalidState if the instance is in another state
     * @throws Conflict if something is being done to it
     */
    default Operation<MigrationReport> live(InstanceId id, LiveMigrationSpec spec) {
        return live(id, spec, RequestOptions.none());
    }

    /**
     * As {@link #live(InstanceId, LiveMigrationSpec)}, with options.
     *
     * @param id the instance
     * @param spec how
     * @param options beside the request
     * @return yields the report
     */
    Operation<MigrationReport> live(InstanceId id, LiveMigrationSpec spec, RequestOptions options);
}
