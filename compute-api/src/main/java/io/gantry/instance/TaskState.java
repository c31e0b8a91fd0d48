package io.gantry.instance;

/** What is being done to an instance; Nova's {@code task_state}. More values come with more verbs. */
public enum TaskState {
    /** A host is being chosen. */
    SCHEDULING,
    /** Its guest is being made. */
    SPAWNING,
    /** It is being powered off. */
    POWERING_OFF,
    /** It is being powered on. */
    POWERING_ON,
    /** The guest is asked to reboot. */
    REBOOTING,
    /** The guest is being reset. */
    REBOOTING_HARD,
    /** Its vCPUs are being stopped. */
    PAUSING,
    /** Its vCPUs are being started again. */
    UNPAUSING,
    /** It moves to another host. */
    MIGRATING,
    /** It is being deleted. */
    DELETING
}
