package io.gantry.core.state;

import io.gantry.host.HostId;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;

/**
 * What one consumer holds on one host.
 *
 * @param consumer who holds it: {@code instance:ID}, or {@code migration:OPERATION} for the source of a move
 * @param host where
 * @param vcpus vCPUs
 * @param memory memory
 * @param disk local disk
 */
public record ClaimRow(String consumer, HostId host, int vcpus, MemorySize memory, DiskSize disk) {
    /** {@return the row's key} */
    public String key() {
        return consumer + "@" + host;
    }
}
