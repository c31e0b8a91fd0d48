package io.gantry.host;

import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;

/**
 * What is claimed on a host, pending claims included.
 *
 * @param instances instances that hold a claim
 * @param vcpus claimed vCPUs
 * @param memory claimed memory
 * @param disk claimed disk
 */
public record HostUsage(int instances, int vcpus, MemorySize memory, DiskSize disk) {}
