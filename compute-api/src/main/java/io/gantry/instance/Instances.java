package io.gantry.instance;

import io.gantry.error.Conflict;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.PlacementReport;
import java.util.List;
import java.util.Optional;

/**
 * The instances of an engine. Safe for use by many threads.
 *
 * <p>Every verb checks the request, takes the instance's task, and returns an operation that does the work. At most one
 * verb works on an instance at a time: another one is refused with {@link Conflict}.
 */
public interface Instances {
    /**
     * Creates an instance and boots it. The instance is visible at once, in state {@link VmState#BUILDING}.
     *
     * @param spec what to create
     * @return yields the running instance; fails with {@link io.gantry.placement.NoValidHost} if no host can take it,
     *     and then leaves the instance in state {@link VmState#ERROR} without a host, until it is deleted
     * @throws NotFound if flavor, image or requested host does not exist
     * @throws InvalidRequest if they do not fit each other
     */
    default Operation<Instance> create(InstanceSpec spec) {
        return create(spec, RequestOptions.none());
    }

    /**
     * As {@link #create(InstanceSpec)}, with options.
     *
     * @param spec what to create
     * @param options beside the request
     * @return as {@link #create(InstanceSpec)}
     * @throws IdempotencyConflict if the token in the options belongs to another request
     */
    Operation<Instance> create(InstanceSpec spec, RequestOptions options);

    /**
     * Says where an instance would go, and why, without creating or claiming anything.
     *
     * @param spec what would be created
     * @return the decision as it would be now
     * @throws NotFound if flavor, image or requested host does not exist
     * @throws InvalidRequest if they do not fit each other
     */
    PlacementReport explain(InstanceSpec spec);

    /**
     * Says why an instance went to its host.
     *
     * @param id the instance
     * @return the last placement decision for it; empty if none was made
     * @throws NotFound if there is no such instance
     */
    Optional<PlacementReport> placement(InstanceId id);

    /**
     * {@return an instance}
     *
     * @param id its id
     * @throws NotFound if there is none
     */
    Instance get(InstanceId id);

    /** {@return all instances, oldest first} */
    List<Instance> list();

    /**
     * Powers an instance on.
     *
     * @param id an instance in state {@link VmState#STOPPED}
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it
     */
    default Operation<Instance> start(InstanceId id) {
        return start(id, RequestOptions.none());
    }

    /**
     * As {@link #start(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> start(InstanceId id, RequestOptions options);

    /**
     * Powers an instance off: asks the guest and, after 60 seconds, pulls the plug.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#PAUSED} or {@link VmState#ERROR}
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it
     */
    default Operation<Instance> stop(InstanceId id) {
        return stop(id, StopOptions.clean(), RequestOptions.none());
    }

    /**
     * As {@link #stop(InstanceId)}, in a way of the caller's choice.
     *
     * @param id the instance
     * @param how how to power it off
     * @return yields the instance
     */
    default Operation<Instance> stop(InstanceId id, StopOptions how) {
        return stop(id, how, RequestOptions.none());
    }

    /**
     * As {@link #stop(InstanceId)}, with options.
     *
     * @param id the instance
     * @param how how to power it off
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> stop(InstanceId id, StopOptions how, RequestOptions options);

    /**
     * Reboots an instance.
     *
     * @param id an instance in state {@link VmState#ACTIVE}; for a hard reboot also {@link VmState#PAUSED},
     *     {@link VmState#STOPPED} or {@link VmState#ERROR}
     * @param kind ask the guest, or do not
     * @return yields the running instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it
     */
    default Operation<Instance> reboot(InstanceId id, RebootKind kind) {
        return reboot(id, kind, RequestOptions.none());
    }

    /**
     * As {@link #reboot(InstanceId, RebootKind)}, with options.
     *
     * @param id the instance
     * @param kind ask the guest, or do not
     * @param options beside the request
     * @return yields the running instance
     */
    Operation<Instance> reboot(InstanceId id, RebootKind kind, RequestOptions options);

    /**
     * Stops an instance's vCPUs; its memory stays as it is.
     *
     * @param id an instance in state {@link VmState#ACTIVE}
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it
     */
    default Operation<Instance> pause(InstanceId id) {
        return pause(id, RequestOptions.none());
    }

    /**
     * As {@link #pause(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> pause(InstanceId id, RequestOptions options);

    /**
     * Starts a paused instance's vCPUs again.
     *
     * @param id an instance in state {@link VmState#PAUSED}
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it
     */
    default Operation<Instance> unpause(InstanceId id) {
        return unpause(id, RequestOptions.none());
    }

    /**
     * As {@link #unpause(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> unpause(InstanceId id, RequestOptions options);

    /**
     * Deletes an instance, its guest and its local disks, from any state.
     *
     * @param id the instance
     * @return yields the instance as it last was
     * @throws NotFound if there is none
     * @throws Conflict if something is being done to it
     */
    default Operation<Instance> delete(InstanceId id) {
        return delete(id, RequestOptions.none());
    }

    /**
     * As {@link #delete(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance as it last was
     */
    Operation<Instance> delete(InstanceId id, RequestOptions options);

    /**
     * Reads the end of the guest's serial console log. Blocks up to the driver's deadline.
     *
     * @param id the instance
     * @param maxBytes how much to read at most, 1 or more
     * @return the text; bytes that are no UTF-8 become replacement characters
     * @throws NotFound if there is none
     * @throws InvalidState if it has no host
     * @throws InvalidRequest if {@code maxBytes} is less than 1
     */
    String consoleLog(InstanceId id, int maxBytes);
}
