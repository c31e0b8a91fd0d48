package io.gantry.topology;

/** How vCPUs and CPUs go together. */
public enum CpuPolicy {
    /** All vCPUs run on the CPUs of their cell that no guest has for itself. */
    SHARED,
    /** Each vCPU has a CPU for itself. */
    DEDICATED,
    /** Some have a CPU for themselves, the others share. */
    MIXED
}
