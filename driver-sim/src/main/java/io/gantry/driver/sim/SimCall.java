package io.gantry.driver.sim;

import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;

/** The calls that a simulated host answers, by which faults are ordered. */
public enum SimCall {
    /** {@link SimDriver#connect}. */
    CONNECT(false),
    /** {@link HostConnection#inventory}. */
    INVENTORY(false),
    /** {@link HostConnection#guests}. */
    GUESTS(false),
    /** {@link HostConnection#guest}. */
    GUEST(false),
    /** {@link HostConnection#cacheImage}. */
    CACHE_IMAGE(true),
    /** {@link HostConnection#createGuest}. */
    CREATE(true),
    /** {@link HostConnection#startGuest}. */
    START(true),
    /** {@link HostConnection#requestShutdown}. */
    REQUEST_SHUTDOWN(true),
    /** {@link HostConnection#requestReboot}. */
    REQUEST_REBOOT(true),
    /** {@link HostConnection#powerOffGuest}. */
    POWER_OFF(true),
    /** {@link HostConnection#pauseGuest}. */
    PAUSE(true),
    /** {@link HostConnection#unpauseGuest}. */
    UNPAUSE(true),
    /** {@link HostConnection#deleteGuest}. */
    DELETE(true),
    /** {@link HostConnection#consoleLog}. */
    CONSOLE_LOG(false),
    /** {@link HostConnection#suspendGuest}. */
    SUSPEND(true),
    /** {@link HostConnection#resumeGuest}. */
    RESUME(true),
    /** {@link HostConnection#resizeGuest}. */
    RESIZE(true),
    /** {@link HostConnection#rescueGuest}. */
    RESCUE(true),
    /** {@link HostConnection#unrescueGuest}. */
    UNRESCUE(true),
    /** {@link HostConnection#releaseGuest}. */
    RELEASE(true),
    /** {@link HostConnection#injectNmi}. */
    INJECT_NMI(true),
    /** {@link HostConnection#setUserPassword}. */
    SET_USER_PASSWORD(true),
    /** {@link HostConnection#diagnostics}. */
    DIAGNOSTICS(false),
    /** {@link HostConnection#fence}. */
    FENCE(true),
    /** {@link GuestDisks#list}. */
    LIST_DISKS(false),
    /** {@link GuestDisks#copy}. */
    COPY_DISK(true),
    /** {@link GuestDisks#open}. */
    OPEN_COPY(false),
    /** {@link GuestDisks#restore}. */
    RESTORE_DISK(true),
    /** {@link GuestDisks#rebuild}. */
    REBUILD(true),
    /** {@link GuestDisks#createGuest}. */
    CREATE_FROM_DISK(true),
    /** {@link GuestDisks#delete}. */
    DELETE_DISK(true),
    /** {@link MigrationSource#offer}. */
    OFFER(false),
    /** {@link MigrationSource#start}. */
    START_MIGRATION(true),
    /** {@link MigrationSource#abort}. */
    ABORT_MIGRATION(true),
    /** {@link MigrationTarget#refusals}. */
    REFUSALS(false),
    /** {@link MigrationTarget#prepare}. */
    PREPARE(true),
    /** {@link MigrationTarget#abandon}. */
    ABANDON(true);

    private final boolean changing;

    SimCall(boolean changing) {
        this.changing = changing;
    }

    /** {@return whether the call changes something, so that a lost answer leaves its outcome unknown} */
    public boolean changing() {
        return changing;
    }
}
