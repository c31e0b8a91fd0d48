package io.gantry.driver.libvirt.port;

/**
 * A host's processors and memory.
 *
 * @param cpus processors
 * @param memory bytes of memory
 */
public record NodeInfo(int cpus, long memory) {}
