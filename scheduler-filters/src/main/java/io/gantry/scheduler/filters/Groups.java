package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.GroupView;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.Optional;

/** What filters and weighers of server groups have in common: requests of other policies cost them nothing. */
final class Groups {
    private Groups() {}

    /** {@return the request's group, if it has this policy} */
    static Optional<GroupView> with(ServerGroupPolicy policy, PlacementRequest request) {
        return request.group().filter(group -> group.policy() == policy);
    }

    static Verdict judge(PlacementRequest request, ServerGroupPolicy policy, HostView host) {
        return with(policy, request).map(group -> group.judge(host.id())).orElse(Verdict.pass());
    }

    static Optional<ColumnFilter> columns(PlacementRequest request, ServerGroupPolicy policy) {
        return with(policy, request).isPresent() ? Optional.empty() : Optional.of(ColumnFilter.KEEP_ALL);
    }

    /** {@return how many other members of the request's group are on a host; 0 if the group has another policy} */
    static int members(PlacementRequest request, ServerGroupPolicy policy, HostView host) {
        return with(policy, request).map(group -> group.membersOn(host.id())).orElse(0);
    }

    static Optional<ColumnWeigher> zeros(PlacementRequest request, ServerGroupPolicy policy) {
        return with(policy, request).isPresent() ? Optional.empty() : Optional.of(ColumnWeigher.ZERO);
    }
}
