package io.gantry.maintenance;

/** What a plan is for. */
public enum PlanKind {
    /** To empty a host. */
    DRAIN,
    /** To spread or pack the load of all hosts. */
    REBALANCE
}
