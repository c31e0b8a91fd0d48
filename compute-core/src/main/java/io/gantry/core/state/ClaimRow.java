package io.gantry.core.state;

import io.gantry.host.HostId;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;

/**
 * What one consumer holds of one provider, for its being on one host. A pool that several hosts share is claimed once for
 * each host, so that the source of a move is released without the target.
 *
 * @param consumer who holds it: {@code instance:ID}, or {@code migration:OPERATION} for the source of a move
 * @param host where the consumer is, or is to go
 * @param provider the host's own provider, a part of it, or a pool that the host shares
 * @param amounts how much, by resource class
 */
public record ClaimRow(String consumer, HostId host, String provider, Map<String, Long> amounts) {
    /** Copies the amounts. */
    public ClaimRow {
        amounts = Map.copyOf(amounts);
    }

    /** {@return the row's key} */
    public String key() {
        return consumer + "@" + host + (isOnHost() ? "" : "@" + provider);
    }

    /** {@return whether this is a claim on the host's own provider} */
    public boolean isOnHost() {
        return provider.equals(host.value());
    }

    /** {@return the claimed vCPUs} */
    public int vcpus() {
        return Math.toIntExact(amount("VCPU"));
    }

    /** {@return the claimed memory} */
    public MemorySize memory() {
        return MemorySize.mib(amount("MEMORY_MB"));
    }

    /** {@return the claimed disk} */
    public DiskSize disk() {
        return DiskSize.mib(amount("DISK_MB"));
    }

    private long amount(String resource) {
        return amounts.getOrDefault(resource, 0L);
    }
}
