package io.gantry.maintenance;

/** What follows for a plan when one of its moves fails. */
public enum OnFailure {
    /** The other moves go on. */
    CONTINUE,
    /** Those under way end, the others are left out. */
    STOP
}
