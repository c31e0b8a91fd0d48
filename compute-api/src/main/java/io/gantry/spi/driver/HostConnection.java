package io.gantry.spi.driver;

import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.error.OutcomeUnknown;
import io.gantry.error.Unsupported;
import io.gantry.host.HostInventory;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.unit.Bandwidth;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One host. Methods block until the host has done what they say, within the deadline of the call, and are safe for use
 * by many threads.
 *
 * <p>Every method that changes something is idempotent: repeating it after an answer that was lost does no harm and
 * reaches the same end; only {@link #injectNmi} is not. Methods see only guests that Gantry made.
 *
 * <p>Besides what each method names, all throw {@link HostUnreachable} if the host does not answer, {@link
 * OutcomeUnknown} (its subclass) if a change was sent and the answer was lost, and {@link HypervisorError} if the
 * hypervisor refuses.
 */
public interface HostConnection extends AutoCloseable {
    /** {@return what the host has} */
    HostInventory inventory();

    /** {@return all guests} */
    List<GuestState> guests();

    /**
     * {@return one guest; empty if the host has none with this id}
     *
     * @param id the guest
     */
    Optional<GuestState> guest(InstanceId id);

    /**
     * Makes an image's content available on the host, unless it is already there.
     *
     * @param context on whose behalf
     * @param source the image and its content
     * @throws IOException if the content cannot be read
     */
    void cacheImage(CallContext context, ImageSource source) throws IOException;

    /**
     * Makes a guest with its root disk, powered off. Does nothing if it is there. A root disk that is on the storage
     * already, of a guest that another host has or has released, becomes this guest's, grown to the specification's size. A
     * config drive is written anew; the guest has it as a read-only device from its first start on, also while it is
     * rescued and wherever it is moved.
     *
     * @param context on whose behalf
     * @param spec the guest
     */
    void createGuest(CallContext context, GuestSpec spec);

    /**
     * Powers a guest on. Does nothing if it is on.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws NotFound if there is none
     * @throws InvalidState if it is suspended: {@link #resumeGuest} keeps the memory that was saved, {@link #powerOffGuest}
     *     discards it
     */
    void startGuest(CallContext context, InstanceId id);

    /**
     * Asks a guest to shut down, and does not wait for it. Does nothing if it is off.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws NotFound if there is none
     * @throws Unsupported without {@link DriverCapability#CLEAN_SHUTDOWN}
     */
    void requestShutdown(CallContext context, InstanceId id);

    /**
     * Asks a guest to reboot, and does not wait for it.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws NotFound if there is none
     * @throws Unsupported without {@link DriverCapability#CLEAN_REBOOT}
     */
    void requestReboot(CallContext context, InstanceId id);

    /**
     * Powers a guest off at once; memory that {@link #suspendGuest} saved is discarded. Does nothing if it is off.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws NotFound if there is none
     */
    void powerOffGuest(CallContext context, InstanceId id);

    /**
     * Stops a guest's vCPUs. Does nothing if they are stopped.
     *
     * @param context on whose behalf
     * @param id a guest that is on
     * @throws NotFound if there is none
     * @throws Unsupported without {@link DriverCapability#PAUSE}
     */
    void pauseGuest(CallContext context, InstanceId id);

    /**
     * Starts a paused guest's vCPUs again. Does nothing if they run.
     *
     * @param context on whose behalf
     * @param id a guest that is on
     * @throws NotFound if there is none
     */
    void unpauseGuest(CallContext context, InstanceId id);

    /**
     * Removes a guest, whatever state it is in, with all that is its own: its root disk and every copy of it that {@link
     * GuestDisks#copy} made, a config drive, a rescue disk, saved memory, logs. Disks that are left of a guest that is not here are removed
     * too; a driver may spare those of a guest that it sees on another host of the same storage, but {@link #releaseGuest}
     * alone is sure to keep them. Does nothing for what is not there.
     *
     * @param context on whose behalf
     * @param id the guest
     */
    void deleteGuest(CallContext context, InstanceId id);

    /**
     * Reads the end of a guest's serial console log.
     *
     * @param id the guest
     * @param maxBytes how much at most
     * @return the bytes as the guest wrote them; empty if it wrote none
     * @throws NotFound if there is no such guest
     * @throws Unsupported without {@link DriverCapability#CONSOLE_LOG}
     */
    byte[] consoleLog(InstanceId id, int maxBytes);

    /**
     * Saves a guest's memory to disk and powers it off; it is {@link io.gantry.instance.PowerState#SUSPENDED} then. Does
     * nothing if it is suspended.
     *
     * @param context on whose behalf
     * @param id a guest that is on
     * @throws NotFound if there is none
     * @throws InvalidState if it is off
     * @throws Unsupported without {@link DriverCapability#SUSPEND}
     */
    default void suspendGuest(CallContext context, InstanceId id) {
        throw unsupported(id, DriverCapability.SUSPEND);
    }

    /**
     * Powers a suspended guest on with the memory that was saved; a guest that was paused when it was suspended may come
     * back running. Does nothing if it is on.
     *
     * @param context on whose behalf
     * @param id a suspended guest
     * @throws NotFound if there is none
     * @throws InvalidState if it is off without saved memory
     * @throws Unsupported without {@link DriverCapability#SUSPEND}
     */
    default void resumeGuest(CallContext context, InstanceId id) {
        throw unsupported(id, DriverCapability.SUSPEND);
    }

    /**
     * Gives a guest the flavor of the specification, and grows its root disk to the specification's size; a disk that is
     * larger stays so. Does nothing where that is so.
     *
     * @param context on whose behalf
     * @param spec a guest that is off
     * @throws NotFound if there is none
     * @throws InvalidState if it is on or suspended
     * @throws Unsupported without {@link DriverCapability#RESIZE}
     */
    default void resizeGuest(CallContext context, GuestSpec spec) {
        throw unsupported(spec.id(), DriverCapability.RESIZE);
    }

    /**
     * Boots a guest from a rescue disk, with its own root disk as the second one. Does nothing if it is on that way; boots
     * it once more that way if it went off meanwhile.
     *
     * @param context on whose behalf
     * @param spec a guest that is off
     * @throws NotFound if there is none
     * @throws InvalidState if it is on in its normal form, or suspended
     * @throws Unsupported without {@link DriverCapability#RESCUE}
     */
    default void rescueGuest(CallContext context, RescueSpec spec) {
        throw unsupported(spec.id(), DriverCapability.RESCUE);
    }

    /**
     * Gives a guest its normal form back and removes the rescue disk; the guest is off afterwards. Does nothing if it has
     * its normal form.
     *
     * @param context on whose behalf
     * @param id a guest, on or off
     * @throws NotFound if there is none
     * @throws Unsupported without {@link DriverCapability#RESCUE}
     */
    default void unrescueGuest(CallContext context, InstanceId id) {
        throw unsupported(id, DriverCapability.RESCUE);
    }

    /**
     * Removes a guest from this host, whatever state it is in, but leaves its root disk and the copies of it where they
     * are: another host on the same storage has it now, or will. Does nothing for what is not there.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws Unsupported without {@link DriverCapability#DISKS}
     */
    default void releaseGuest(CallContext context, InstanceId id) {
        throw unsupported(id, DriverCapability.DISKS);
    }

    /**
     * Sends a guest a non-maskable interrupt; each call sends one more. A paused guest gets it when its vCPUs run again.
     *
     * @param context on whose behalf
     * @param id a guest that is on
     * @throws NotFound if there is none
     * @throws InvalidState if it is off
     * @throws Unsupported without {@link DriverCapability#CRASH_DUMP}
     */
    default void injectNmi(CallContext context, InstanceId id) {
        throw unsupported(id, DriverCapability.CRASH_DUMP);
    }

    /**
     * Sets a user's password by an agent in the guest. The password is not logged, shown or kept.
     *
     * @param context on whose behalf
     * @param id a guest that runs
     * @param user the user's name in the guest
     * @param password the new password
     * @throws NotFound if there is none
     * @throws InvalidState if it does not run
     * @throws io.gantry.instance.GuestAgentUnavailable if its agent does not answer; the password is as it was then
     * @throws HypervisorError if the agent says that it cannot do it, as for a user that there is not
     * @throws Unsupported without {@link DriverCapability#SET_USER_PASSWORD}, or if the guest is not set up to have an agent:
     *     its image lacks {@link io.gantry.image.Image#HW_QEMU_GUEST_AGENT}
     */
    default void setUserPassword(CallContext context, InstanceId id, String user, AdminPassword password) {
        throw unsupported(id, DriverCapability.SET_USER_PASSWORD);
    }

    /**
     * Reads what the hypervisor knows of a guest, without any effect on it, and within the driver's bound for small calls.
     *
     * @param id a guest that is on
     * @return the figures, all of one moment as far as the hypervisor can do that
     * @throws NotFound if there is none
     * @throws InvalidState if it is off
     * @throws io.gantry.error.Conflict if the hypervisor is too busy with the guest to tell; it can be asked again
     * @throws Unsupported without {@link DriverCapability#DIAGNOSTICS}
     */
    default InstanceDiagnostics diagnostics(InstanceId id) {
        throw unsupported(id, DriverCapability.DIAGNOSTICS);
    }

    /**
     * Records the caller's epoch with a guest, so that calls of lower ones are refused from now on. Does nothing if there
     * is no such guest, or if the driver cannot keep epochs.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws io.gantry.error.Conflict if a higher epoch is recorded
     */
    default void fence(CallContext context, InstanceId id) {}

    /** {@return what can be done with this host's disks, if the driver can do that} */
    default Optional<GuestDisks> disks() {
        return Optional.empty();
    }

    private Unsupported unsupported(InstanceId id, DriverCapability capability) {
        return new Unsupported(
                id.ref(), capability.name(), "its host's driver cannot do that", "Move it to a host whose driver can");
    }

    /** {@return this host as the source of live migrations, if the driver can do that} */
    default Optional<MigrationSource> migrationSource() {
        return Optional.empty();
    }

    /** {@return this host as the target of live migrations, if the driver can do that} */
    default Optional<MigrationTarget> migrationTarget() {
        return Optional.empty();
    }

    /**
     * Tells how a guest uses its memory, if that is known without disturbing it: migrations are predicted by it.
     *
     * @param id the guest
     * @return its activity; empty if there is no such guest, it is off, or the driver does not know
     */
    default Optional<MemoryActivity> memoryActivity(InstanceId id) {
        return Optional.empty();
    }

    /** {@return how fast this host's link carries migrations, all of them and both ways together; empty if not known} */
    default Optional<Bandwidth> migrationBandwidth() {
        return Optional.empty();
    }

    /** Closes the connection; guests keep running. Closing twice does nothing. */
    @Override
    void close();
}
