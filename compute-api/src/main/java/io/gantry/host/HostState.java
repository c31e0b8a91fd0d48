package io.gantry.host;

/** Whether the engine can reach a host. */
public enum HostState {
    /** The driver's connection works. */
    UP,
    /** The driver's connection is broken or does not answer; the engine keeps trying. */
    DOWN
}
