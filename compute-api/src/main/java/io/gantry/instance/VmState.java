package io.gantry.instance;

/** The stable state of an instance; Nova's {@code vm_state}. More values come with more verbs. */
public enum VmState {
    /** Being created. */
    BUILDING,
    /** Running. */
    ACTIVE,
    /** Its vCPUs are stopped, its memory is kept. */
    PAUSED,
    /** Powered off. */
    STOPPED,
    /** A verb failed in a way that left the guest in doubt; see the instance's fault. */
    ERROR,
    /** Gone; seen in events only. */
    DELETED
}
