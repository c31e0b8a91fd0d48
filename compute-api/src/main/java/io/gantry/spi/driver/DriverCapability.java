package io.gantry.spi.driver;

/** What a driver may be able to do on a host, beyond creating, starting, powering off and deleting guests. */
public enum DriverCapability {
    /** {@link HostConnection#requestShutdown} reaches guests. */
    CLEAN_SHUTDOWN,
    /** {@link HostConnection#requestReboot} reaches guests, and {@link GuestEvent.Kind#REBOOTED} is reported. */
    CLEAN_REBOOT,
    /** Guests can be paused. */
    PAUSE,
    /** The serial console is logged. */
    CONSOLE_LOG,
    /** {@link GuestEvent}s are reported without being asked for. */
    EVENTS,
    /** {@link HostConnection#migrationSource} and {@link HostConnection#migrationTarget} are present. */
    LIVE_MIGRATION,
    /** Guests can be suspended to disk. */
    SUSPEND,
    /** Guests can be booted for rescue. */
    RESCUE,
    /** Guests can be given another size. */
    RESIZE,
    /** {@link HostConnection#disks} is present. */
    DISKS,
    /** Guests can be sent non-maskable interrupts. */
    CRASH_DUMP,
    /** {@link HostConnection#diagnostics} is answered. */
    DIAGNOSTICS,
    /** Passwords can be set by an agent in the guest. */
    SET_USER_PASSWORD
}
