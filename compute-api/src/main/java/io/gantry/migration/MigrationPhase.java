package io.gantry.migration;

/** The phases of a live migration, in order. */
public enum MigrationPhase {
    /** Can the guest run there? Nothing is changed. */
    PRE_CHECK,
    /** The target makes ready. */
    PREPARE,
    /** Memory is copied while the guest runs. */
    PRE_COPY,
    /** The guest stands still while the rest is copied. */
    STOP_AND_COPY,
    /** The target takes over. */
    SWITCH,
    /** The source is cleaned, and both sides are verified. */
    POST
}
