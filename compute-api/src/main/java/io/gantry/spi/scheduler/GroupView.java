package io.gantry.spi.scheduler;

import static java.util.Objects.requireNonNull;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.placement.Verdict;
import io.gantry.servergroup.ServerGroupPolicy;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The server group of what is to be placed, as filters and weighers see it. Immutable.
 *
 * @param id the group
 * @param policy how its members are placed
 * @param maxServerPerHost how many may be on one host with {@link ServerGroupPolicy#ANTI_AFFINITY}, 1 or more
 * @param members the other members by the hosts on which they hold claims: one that is moving is on both. Those that are on
 *     no host are not among them, and neither is what is to be placed
 */
public record GroupView(
        ServerGroupId id, ServerGroupPolicy policy, int maxServerPerHost, Map<HostId, Set<InstanceId>> members) {
    /** The code with which a host is rejected that has too many members. */
    public static final String ANTI_AFFINITY_CODE = "GROUP_ANTI_AFFINITY";

    /** The code with which a host is rejected where the members are not. */
    public static final String AFFINITY_CODE = "GROUP_AFFINITY";

    /**
     * Copies the members.
     *
     * @param id see the record
     * @param policy see the record
     * @param maxServerPerHost see the record
     * @param members see the record
     */
    public GroupView {
        requireNonNull(id, "id");
        requireNonNull(policy, "policy");
        members = members.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
    }

    /**
     * {@return how many other members are on a host}
     *
     * @param host the host
     */
    public int membersOn(HostId host) {
        return members.getOrDefault(host, Set.of()).size();
    }

    /**
     * {@return whether the group's policy lets another member go to a host; a soft policy always does} The engine asks this
     * once more in the transaction of each claim.
     *
     * @param host the host
     */
    public Verdict judge(HostId host) {
        return switch (policy) {
            case ANTI_AFFINITY -> {
                int there = membersOn(host);
                yield there < maxServerPerHost
                        ? Verdict.pass()
                        : Verdict.reject(
                                ANTI_AFFINITY_CODE, "fewer than " + maxServerPerHost + " members", there + " members");
            }
            case AFFINITY -> together(host);
            case SOFT_AFFINITY, SOFT_ANTI_AFFINITY -> Verdict.pass();
        };
    }

    /** A member that is moving may end on either host, so that neither is where all are. */
    private Verdict together(HostId host) {
        Set<HostId> others = new HashSet<>(members.keySet());
        others.remove(host);
        if (others.stream().allMatch(other -> membersOn(other) == 0)) {
            return Verdict.pass();
        }
        Set<InstanceId> all = new HashSet<>();
        members.values().forEach(all::addAll);
        return Verdict.reject(
                AFFINITY_CODE, "all " + all.size() + " members and nowhere else", membersOn(host) + " members");
    }
}
