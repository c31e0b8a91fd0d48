package io.gantry.core.state;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.topology.GuestPlacement;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one consumer holds of one provider, for its being on one host. A pool that several hosts share is claimed once for
 * each host, so that the source of a move is released without the target.
 *
 * @param consumer who holds it: {@code instance:ID}, or {@code migration:OPERATION} for the source of a move
 * @param host where the consumer is, or is to go
 * @param provider the host's own provider, a part of it, or a pool that the host shares
 * @param amounts how much, by resource class
 * @param slot what it takes up in a server group; with claims on the host's own provider only
 * @param placement where on the host the guest is that has a topology or devices; with claims on the host's own provider only
 */
public record ClaimRow(
        String consumer,
        HostId host,
        String provider,
        Map<String, Long> amounts,
        Optional<GroupSlot> slot,
        Optional<GuestPlacement> placement) {
    /** The attribute by which the claims of a server group's members are found. */
    public static final String GROUP = "group";

    /** The attribute by which the claims with a placement on a host are found; its value is the host. */
    public static final String PLACED_ON = "placedOn";

    /** The attribute by which all claims with a placement are found; its value is {@link #YES}. */
    public static final String PLACED = "placed";

    /** The value of attributes that only say that something is so. */
    public static final String YES = "true";

    /**
     * A member's place on a host.
     *
     * @param group the server group
     * @param member the instance, whoever the consumer is
     */
    public record GroupSlot(ServerGroupId group, InstanceId member) {}

    /** Copies the amounts. */
    public ClaimRow {
        amounts = Map.copyOf(amounts);
    }

    /** Creates a claim that takes up no slot. */
    public ClaimRow(String consumer, HostId host, String provider, Map<String, Long> amounts) {
        this(consumer, host, provider, amounts, Optional.empty(), Optional.empty());
    }

    /** {@return the key of a consumer's claim on a host's own provider} */
    public static String keyOnHost(String consumer, HostId host) {
        return consumer + "@" + host;
    }

    /** {@return the claim with another slot} */
    public ClaimRow withSlot(Optional<GroupSlot> other) {
        return new ClaimRow(consumer, host, provider, amounts, other, placement);
    }

    /** {@return the claim as another consumer has it} */
    public ClaimRow of(String other) {
        return new ClaimRow(other, host, provider, amounts, slot, placement);
    }

    /** {@return the claim with what another one on the same provider holds besides} */
    public ClaimRow with(ClaimRow other) {
        Map<String, Long> sum = new HashMap<>(amounts);
        other.amounts.forEach((resource, amount) -> sum.merge(resource, amount, Long::sum));
        Optional<GuestPlacement> both = placement
                .map(mine -> other.placement.map(mine::with).orElse(mine))
                .or(() -> other.placement);
        return new ClaimRow(consumer, host, provider, sum, slot.or(() -> other.slot), both);
    }

    Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("host", host.value());
        attributes.put("consumer", consumer);
        attributes.put("provider", provider);
        slot.ifPresent(taken -> attributes.put(GROUP, taken.group().toString()));
        if (placement.isPresent()) {
            attributes.put(PLACED_ON, host.value());
            attributes.put(PLACED, YES);
        }
        return attributes;
    }

    /** {@return the row's key} */
    public String key() {
        return keyOnHost(consumer, host) + (isOnHost() ? "" : "@" + provider);
    }

    /** {@return whether this is a claim on the host's own provider} */
    public boolean isOnHost() {
        return provider.equals(host.value());
    }

    /** {@return the claimed vCPUs} */
    public int vcpus() {
        return Math.toIntExact(amount("VCPU"));
    }

    /** {@return the CPUs that are claimed for the consumer alone} */
    public int pcpus() {
        return Math.toIntExact(amount("PCPU"));
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
