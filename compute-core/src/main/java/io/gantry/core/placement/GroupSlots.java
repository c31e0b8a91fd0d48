package io.gantry.core.placement;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.ServerGroupRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.GroupView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The places that members of server groups take up on hosts. They are part of the members' claims and come and go with
 * them: a moving member has one on either host until it is settled where it is. Those of what has no group cost nothing.
 */
public final class GroupSlots {
    private final State state;

    /** Creates the slots of a state. */
    public GroupSlots(State state) {
        this.state = state;
    }

    /** {@return a request with what filters need to know of its server group; the request itself if it names none} */
    public PlacementRequest seen(Transaction tx, PlacementRequest request) {
        return request.groupId().isEmpty()
                ? request
                : request.toBuilder()
                        .group(request.groupId().flatMap(group -> view(tx, group, request.instance())))
                        .build();
    }

    /** {@return a group as an instance that is to be placed finds it; empty if the group is gone} */
    Optional<GroupView> view(Transaction tx, ServerGroupId group, InstanceId instance) {
        return state.serverGroups().get(tx, group.toString()).map(entry -> view(tx, entry.value(), instance));
    }

    private GroupView view(Transaction tx, ServerGroupRow group, InstanceId instance) {
        Map<HostId, Set<InstanceId>> members = new HashMap<>();
        for (Table.Entry<ClaimRow> entry :
                state.claims().find(tx, ClaimRow.GROUP, group.id().toString())) {
            ClaimRow claim = entry.value();
            claim.slot()
                    .map(ClaimRow.GroupSlot::member)
                    .filter(member -> !member.equals(instance))
                    .ifPresent(member -> members.computeIfAbsent(claim.host(), host -> new HashSet<>())
                            .add(member));
        }
        return new GroupView(group.id(), group.policy(), group.maxServerPerHost(), members);
    }

    /**
     * Asks the group's policy in the transaction of a claim. Under a hard policy the group's row is written, so that of two
     * such transactions one sees what the other did.
     *
     * @return why the instance may not go to the host; empty if it may
     */
    Optional<Verdict> refusal(Transaction tx, ServerGroupId id, InstanceId instance, HostId host) {
        Optional<Table.Entry<ServerGroupRow>> group = state.serverGroups()
                .get(tx, id.toString())
                .filter(entry -> entry.value().policy().isHard());
        if (group.isEmpty()) {
            return Optional.empty();
        }
        Verdict verdict = view(tx, group.get().value(), instance).judge(host);
        if (!verdict.passed()) {
            return Optional.of(verdict);
        }
        state.serverGroups().update(tx, group.get(), group.get().value());
        return Optional.empty();
    }
}
