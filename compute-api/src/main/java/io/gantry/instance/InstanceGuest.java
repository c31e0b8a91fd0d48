package io.gantry.instance;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.error.Unsupported;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;

/**
 * The verbs that turn to what runs in an instance, and what its hypervisor knows of it; part of {@link Instances}.
 */
public interface InstanceGuest {
    /**
     * Sends an instance's guest a non-maskable interrupt, on which a system that is set up for it writes a crash dump. What
     * the guest does with it is its own affair; the instance keeps its state. A paused guest gets it when its vCPUs run
     * again. It is sent at most once: where the engine ends meanwhile, the operation fails with
     * {@link io.gantry.error.OutcomeUnknown}, and the guest's console tells whether it came.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#PAUSED}, {@link VmState#RESCUED},
     *     {@link VmState#RESIZED} or {@link VmState#ERROR}, whose guest is on
     * @return yields the instance; fails with {@link InvalidState} if its guest is off, and with {@link Unsupported} if
     *     its host cannot do that
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> triggerCrashDump(InstanceId id) {
        return triggerCrashDump(id, RequestOptions.none());
    }

    /**
     * As {@link #triggerCrashDump(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> triggerCrashDump(InstanceId id, RequestOptions options);

    /**
     * Changes the administrator's password in an instance's guest, through the agent in it. The user is named by the property
     * {@link io.gantry.image.Image#OS_ADMIN_USER} of the instance's image, {@code root} without it.
     *
     * <p>The password is kept in memory until it is sent, and nowhere else. It is sent at most once: where the engine ends
     * meanwhile, the operation fails with {@link PasswordChangeInterrupted}, which says whether the password may have been
     * changed. It is no part of what an idempotency token stands for: the same token with another password yields the same
     * operation, and the first password.
     *
     * @param id an instance in state {@link VmState#ACTIVE}
     * @param password the new password
     * @return yields the instance; its state stays as it is whatever comes of it. Fails with
     *     {@link GuestAgentUnavailable} if the agent does not answer, with {@link InvalidState} if the guest does not run,
     *     with {@link io.gantry.error.HypervisorError} if the agent refuses, and with
     *     {@link io.gantry.error.OutcomeUnknown} if its answer was lost
     * @throws NotFound if there is none
     * @throws Unsupported if its image does not say that it has an agent ({@link
     *     io.gantry.image.Image#HW_QEMU_GUEST_AGENT})
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     * @throws io.gantry.error.InvalidRequest if the image names no possible user
     */
    default Operation<Instance> changePassword(InstanceId id, AdminPassword password) {
        return changePassword(id, password, RequestOptions.none());
    }

    /**
     * As {@link #changePassword(InstanceId, AdminPassword)}, with options.
     *
     * @param id the instance
     * @param password the new password
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> changePassword(InstanceId id, AdminPassword password, RequestOptions options);

    /**
     * Reads what the hypervisor knows of an instance's guest now. Changes nothing, and does not need the instance's task.
     * Blocks up to the driver's deadline.
     *
     * @param id an instance whose guest is on, running or paused
     * @return the figures
     * @throws NotFound if there is none
     * @throws InvalidState if it has no host, or its guest is off: there are no figures then
     * @throws Conflict if the hypervisor is too busy with the guest to read them; they can be read later
     * @throws Unsupported if its host cannot do that
     * @throws io.gantry.error.Forbidden if the caller may not see them, as by default all but admins
     * @throws io.gantry.error.HostUnreachable if the host does not answer in time
     */
    InstanceDiagnostics diagnostics(InstanceId id);
}
