package io.gantry.instance;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;

/**
 * The verbs that turn instances on and off; part of {@link Instances}.
 */
public interface InstancePower {
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
     * Saves the memory to disk and powers off.
     *
     * @param id an instance in state {@link VmState#ACTIVE}
     * @return yields the suspended instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> suspend(InstanceId id) {
        return suspend(id, RequestOptions.none());
    }

    /**
     * As {@link #suspend(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the suspended instance
     */
    Operation<Instance> suspend(InstanceId id, RequestOptions options);

    /**
     * Powers a suspended instance on, with the memory that was saved.
     *
     * @param id an instance in state {@link VmState#SUSPENDED}
     * @return yields the running instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> resume(InstanceId id) {
        return resume(id, RequestOptions.none());
    }

    /**
     * As {@link #resume(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the running instance
     */
    Operation<Instance> resume(InstanceId id, RequestOptions options);
}
