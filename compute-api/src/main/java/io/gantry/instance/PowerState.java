package io.gantry.instance;

/** What the hypervisor last said of the guest. */
public enum PowerState {
    /** Nothing is known. */
    NOSTATE,
    /** Its vCPUs run. */
    RUNNING,
    /** Its vCPUs are stopped. */
    PAUSED,
    /** It is off. */
    SHUTDOWN,
    /** It ended, or hangs, by a fault of its own or of its hypervisor process. */
    CRASHED,
    /** Its memory is saved to disk. */
    SUSPENDED
}
