package io.gantry.instance;

import io.gantry.error.Conflict;
import io.gantry.error.Forbidden;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.PlacementReport;
import java.util.List;
import java.util.Optional;

/**
 * The instances of an engine. Safe for use by many threads.
 *
 * <p>Every verb checks the request, takes the instance's task, and returns an operation that does the work. At most one
 * verb works on an instance at a time: another one is refused with {@link Conflict}, except that a delete cancels what it
 * finds under way and waits for its end. Who may do what is the access policy's to say: an instance that a caller may not
 * see is not found, and a verb that it may not use is refused with {@link Forbidden}.
 */
public interface Instances extends InstancePower, InstanceForms, InstanceGuest, InstanceData {
    /**
     * Creates an instance and boots it. The instance is visible at once, in state {@link VmState#BUILDING}.
     *
     * @param spec what to create
     * @return yields the running instance; fails with {@link io.gantry.placement.NoValidHost} if no host can take it,
     *     and then leaves the instance in state {@link VmState#ERROR} without a host, until it is deleted
     * @throws io.gantry.quota.QuotaExceeded if it does not fit the project's quota; nothing is created then
     * @throws NotFound if flavor, image, requested host or requested zone does not exist
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
     * @throws NotFound if flavor, image, requested host or requested zone does not exist
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
     * Says why an operation took an instance to its host, or why it found none; also of an operation that has ended, or failed,
     * since. What the last five operations decided is kept, as long as the instance is there.
     *
     * @param id the instance
     * @param operation the operation: a create, migration, resize, evacuation or unshelving
     * @return what it decided last; empty if it decided nothing, or others have decided since and it is not kept any more
     * @throws NotFound if there is no such instance
     */
    Optional<PlacementReport> placement(InstanceId id, OperationId operation);

    /**
     * {@return an instance}
     *
     * @param id its id
     * @throws NotFound if there is none
     */
    Instance get(InstanceId id);

    /** {@return all instances that the caller may see, oldest first} */
    List<Instance> list();

    /**
     * Creates several instances at once: all find a host, or none is created.
     *
     * @param spec what to create; each gets its name with a number from 1 behind it
     * @param min how many there must be at least, 1 or more
     * @param max how many there may be; as many as the project's quota admits, up to so many
     * @param options beside the request
     * @return the operations, each of which yields one running instance
     * @throws io.gantry.placement.NoValidHost if not all of them find a host; nothing is created then
     * @throws io.gantry.quota.QuotaExceeded if the quota admits fewer than {@code min}
     * @throws InvalidRequest if the numbers are out of order, or the specification sets a host name
     */
    List<Operation<Instance>> create(InstanceSpec spec, int min, int max, RequestOptions options);

    /**
     * {@return what was and is being done to an instance, newest first} The record outlives the instance for as long as
     * ended operations are kept.
     *
     * @param id the instance
     * @throws NotFound if there is none and was none of late
     */
    List<InstanceAction> actions(InstanceId id);

    /**
     * Deletes an instance, its guest and its local disks, from any state. An engine that is set to reclaim deleted
     * instances later first powers it off and keeps it, so that it can be restored. What is under way on the instance is
     * cancelled; a delete that is under way already is yielded. Where the host is down, the instance is deleted all the
     * same, and the guest when the host returns.
     *
     * @param id the instance
     * @return yields the instance as it last was
     * @throws NotFound if there is none
     * @throws InstanceLocked if somebody else has locked it
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
     * As {@link #delete(InstanceId, RequestOptions)}, but at once, also where the engine would keep it for a while.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance as it last was
     */
    Operation<Instance> forceDelete(InstanceId id, RequestOptions options);

    /**
     * Brings back an instance that was deleted but not yet reclaimed; it runs if it ran when it was deleted.
     *
     * @param id an instance in state {@link VmState#SOFT_DELETED}
     * @param options beside the request
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     * @throws io.gantry.quota.QuotaExceeded if it no longer fits the project's quota
     */
    Operation<Instance> restore(InstanceId id, RequestOptions options);

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
