package io.gantry.instance;

/** How an instance is rebooted. */
public enum RebootKind {
    /** Ask the guest; if it has not rebooted within 120 seconds, as {@link #HARD}. */
    SOFT,
    /** Power off and on. */
    HARD
}
