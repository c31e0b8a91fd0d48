package io.gantry.audit;

import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import java.util.Optional;

/**
 * A difference.
 *
 * @param kind what kind of difference
 * @param resource what it is about
 * @param host the host where it was found, if it is about one
 * @param expected what the record says
 * @param found what is there
 * @param repair what a repair does; empty where it is not provable whose the thing is, so that a person has to decide
 * @param repaired whether it was repaired
 */
public record Finding(
        Kind kind,
        ResourceRef resource,
        Optional<HostId> host,
        String expected,
        String found,
        Optional<String> repair,
        boolean repaired) {
    /** Kinds of differences. */
    public enum Kind {
        /** A host has a guest with Gantry's mark of an instance that nobody knows. */
        UNKNOWN_GUEST,
        /** A host has a guest of an instance that is elsewhere. */
        GUEST_ELSEWHERE,
        /** A host lacks the guest of an instance that is recorded there. */
        MISSING_GUEST,
        /** A storage has a disk that belongs to no instance. */
        LEAKED_DISK,
        /** An image store has an image that only a vanished instance needed. */
        LEAKED_IMAGE,
        /** A claim belongs to nobody. */
        CLAIM_WITHOUT_CONSUMER,
        /** An instance on a host has no claim there. */
        MISSING_CLAIM,
        /** A provider's usage is not the sum of its claims. */
        PROVIDER_USAGE,
        /** A quota counter is not the sum of what is charged. */
        QUOTA_COUNTER,
        /** Something is charged for an instance that does not exist. */
        QUOTA_CHARGE,
        /** An instance is held by an operation that has ended. */
        STUCK_TASK,
        /** A guest is still to be removed from a host that answers. */
        LEFTOVER,
        /** A provider is a member of an aggregate that does not exist, or a host that is not registered is one. */
        AGGREGATE_MEMBER,
        /** A host's aggregates put it into several zones. */
        HOST_ZONES,
        /** The zone that is recorded of an instance is not its host's. */
        INSTANCE_ZONE,
        /** An instance is on a host outside of the zone that it asked for. */
        OUTSIDE_ZONE,
        /** A guest was given CPUs, huge pages or devices that its host no longer has. */
        TOPOLOGY_GONE,
        /** Two guests were given the same CPU or device. */
        TOPOLOGY_DOUBLED,
        /** Members of a server group are where its policy does not allow them together. */
        GROUP_POLICY
    }

    /** {@return the finding, repaired} */
    public Finding asRepaired() {
        return new Finding(kind, resource, host, expected, found, repair, true);
    }
}
