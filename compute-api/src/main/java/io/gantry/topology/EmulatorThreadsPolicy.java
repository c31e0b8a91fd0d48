package io.gantry.topology;

/** Where the threads of the emulator run. */
public enum EmulatorThreadsPolicy {
    /** On the CPUs of the guest. */
    SHARE,
    /** On one more CPU, on the cell of the first guest cell, that is taken for it. */
    ISOLATE
}
