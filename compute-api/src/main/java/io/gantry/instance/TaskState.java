package io.gantry.instance;

/** What is being done to an instance; Nova's {@code task_state}. */
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
    /** Its memory is being saved to disk. */
    SUSPENDING,
    /** Its memory is being read from disk. */
    RESUMING,
    /** It is being booted from a rescue disk. */
    RESCUING,
    /** It is being given its normal form back. */
    UNRESCUING,
    /** It is being made an image and powered off. */
    SHELVING,
    /** It is being taken off its host. */
    SHELVING_OFFLOADING,
    /** It is being brought back from its image. */
    UNSHELVING,
    /** Its disk is being made anew. */
    REBUILDING,
    /** It is being moved off a dead host. */
    EVACUATING,
    /** It is being resized, or moved while off. */
    RESIZING,
    /** What its old form needed is being removed. */
    CONFIRMING_RESIZE,
    /** It is being given its old form back. */
    REVERTING_RESIZE,
    /** An image is being made of its disk. */
    IMAGE_SNAPSHOT,
    /** A backup is being made of its disk. */
    IMAGE_BACKUP,
    /** Its guest is being sent an interrupt. Nova has no task for that. */
    TRIGGERING_CRASH_DUMP,
    /** The password of its administrator is being changed. */
    UPDATING_PASSWORD,
    /** It moves to another host. */
    MIGRATING,
    /** It is being deleted so that it can be restored. */
    SOFT_DELETING,
    /** It is being restored. */
    RESTORING,
    /** It is being deleted. */
    DELETING
}
