package io.gantry.migration;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import java.util.Optional;

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

    /**
     * Moves an instance to another host while it is off; one that is on is powered off meanwhile and on again. It can be
     * reverted with {@link io.gantry.instance.Instances#revertResize} until it is confirmed, to the disk of then, of
     * which a copy is kept so long.
     *
     * @param id an instance in state {@link io.gantry.instance.VmState#ACTIVE} or
     *     {@link io.gantry.instance.VmState#STOPPED}
     * @param target the host to go to, which still has to pass the filters; empty for the scheduler's choice
     * @param options beside the request
     * @return yields the instance in state {@link io.gantry.instance.VmState#RESIZED}; fails with
     *     {@link io.gantry.placement.NoValidHost} if no host can take it
     * @throws NotFound if the instance or the requested target does not exist
     * @throws InvalidState if the instance is in another state
     * @throws InvalidRequest if the target is the host that it is on
     * @throws Conflict if something is being done to it
     */
    Operation<Instance> cold(InstanceId id, Optional<HostId> target, RequestOptions options);

    /**
     * Brings an instance of a dead host up elsewhere: with its disk where the storage is shared, else made anew from its
     * image. It is powered off afterwards. What the dead host has of it is removed when that host returns.
     *
     * @param id an instance in state {@link io.gantry.instance.VmState#ACTIVE},
     *     {@link io.gantry.instance.VmState#STOPPED} or {@link io.gantry.instance.VmState#ERROR} on a host that does not
     *     answer
     * @param spec where to, and the proof that the host is dead
     * @param options beside the request
     * @return yields the instance; fails with {@link io.gantry.placement.NoValidHost} if no host can take it
     * @throws NotFound if the instance or the requested target does not exist
     * @throws InvalidState if the instance is in another state, or its host answers
     * @throws InvalidRequest if there is no proof that its host is dead
     * @throws Conflict if something is being done to it
     */
    Operation<Instance> evacuate(InstanceId id, EvacuationSpec spec, RequestOptions options);
}
