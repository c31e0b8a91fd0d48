package io.gantry.topology;

/** How dedicated CPUs go together with thread siblings. */
public enum CpuThreadPolicy {
    /** Siblings are used together where there are free ones. */
    PREFER,
    /** Each vCPU has a core for itself, whose other threads stay idle. */
    ISOLATE,
    /** The cores have to have free siblings, which are used together; one core at most is used by one vCPU only. */
    REQUIRE
}
