package io.gantry.maintenance;

/** How an instance is moved. */
public enum MoveKind {
    /** While it runs; it stands still for a moment. */
    LIVE,
    /** While it is off; confirmed as soon as it is moved. */
    COLD
}
