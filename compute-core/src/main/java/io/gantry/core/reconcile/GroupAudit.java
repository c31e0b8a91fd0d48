package io.gantry.core.reconcile;

import io.gantry.audit.Finding;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.ServerGroupRow;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.servergroup.ServerGroupPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares where the members of server groups hold claims with the groups' hard policies. Repairs nothing: which member is to
 * move only a person can tell.
 */
final class GroupAudit {
    private final Snapshot snapshot;

    GroupAudit(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    List<Finding> run(List<ServerGroupRow> groups) {
        Map<String, Map<HostId, Set<InstanceId>>> members = snapshot.claims().stream()
                .filter(claim -> claim.slot().isPresent())
                .collect(Collectors.groupingBy(
                        claim -> claim.slot().orElseThrow().group().toString(),
                        Collectors.groupingBy(
                                ClaimRow::host,
                                TreeMap::new,
                                Collectors.mapping(
                                        claim -> claim.slot().orElseThrow().member(), Collectors.toSet()))));
        List<Finding> findings = new ArrayList<>();
        for (ServerGroupRow group : groups) {
            Map<HostId, Set<InstanceId>> there = members.getOrDefault(group.id().toString(), Map.of());
            if (group.policy() == ServerGroupPolicy.ANTI_AFFINITY) {
                apart(group, there, findings);
            } else if (group.policy() == ServerGroupPolicy.AFFINITY) {
                together(group, there, findings);
            }
        }
        return findings;
    }

    private static void apart(ServerGroupRow group, Map<HostId, Set<InstanceId>> members, List<Finding> findings) {
        members.forEach((host, there) -> {
            if (there.size() > group.maxServerPerHost()) {
                findings.add(finding(
                        group,
                        Optional.of(host),
                        "at most " + group.maxServerPerHost() + " on a host",
                        words(there) + " there"));
            }
        });
    }

    /** A member that is moving is on two hosts; then it is the only one. */
    private static void together(ServerGroupRow group, Map<HostId, Set<InstanceId>> members, List<Finding> findings) {
        Set<InstanceId> all = members.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        if (members.values().stream().noneMatch(there -> there.containsAll(all)) && !all.isEmpty()) {
            String where = members.entrySet().stream()
                    .map(entry -> words(entry.getValue()) + " on " + entry.getKey())
                    .collect(Collectors.joining("; "));
            findings.add(finding(group, Optional.empty(), "all on one host", where));
        }
    }

    private static String words(Set<InstanceId> members) {
        return members.stream()
                .map(InstanceId::toString)
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }

    private static Finding finding(ServerGroupRow group, Optional<HostId> host, String expected, String found) {
        return new Finding(Finding.Kind.GROUP_POLICY, group.id().ref(), host, expected, found, Optional.empty(), false);
    }
}
