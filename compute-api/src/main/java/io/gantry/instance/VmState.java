package io.gantry.instance;

/** The stable state of an instance; Nova's {@code vm_state}. */
public enum VmState {
    /** Being created. */
    BUILDING,
    /** Running. */
    ACTIVE,
    /** Its vCPUs are stopped, its memory is kept. */
    PAUSED,
    /** Its memory is saved to disk. */
    SUSPENDED,
    /** Powered off. */
    STOPPED,
    /** Booted from a rescue disk. */
    RESCUED,
    /** Resized or cold migrated: runs in the new form, until that is confirmed or reverted. */
    RESIZED,
    /** Deleted, but can still be restored; powered off. */
    SOFT_DELETED,
    /** Powered off and kept as an image, its disk still on its host. */
    SHELVED,
    /** Kept as an image only; on no host. */
    SHELVED_OFFLOADED,
    /** A verb failed in a way that left the guest in doubt; see the instance's fault. */
    ERROR,
    /** Gone; seen in events only. */
    DELETED
}
