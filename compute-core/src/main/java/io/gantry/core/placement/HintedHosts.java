package io.gantry.core.placement;

import io.gantry.core.state.State;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.SchedulerHints;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Where the instances are that scheduler hints name, so that no filter needs to ask. Costs nothing without such hints. */
final class HintedHosts {
    private final State state;

    HintedHosts(State state) {
        this.state = state;
    }

    /** {@return whether a request's hints name instances} */
    static boolean concerns(PlacementRequest request) {
        return !request.hints().differentHost().isEmpty()
                || !request.hints().sameHost().isEmpty();
    }

    /** {@return a request with the hosts of the instances that its hints name; itself if they name none} */
    PlacementRequest seen(Transaction tx, PlacementRequest request) {
        if (!concerns(request)) {
            return request;
        }
        SchedulerHints hints = request.hints();
        Map<InstanceId, Set<HostId>> hosts = new HashMap<>();
        Set<InstanceId> named = new HashSet<>(hints.differentHost());
        named.addAll(hints.sameHost());
        for (InstanceId id : named) {
            Set<HostId> there = new HashSet<>();
            state.claims()
                    .find(tx, "consumer", Need.instance(id))
                    .forEach(claim -> there.add(claim.value().host()));
            // While it moves, the source's claim is the migration's.
            state.instances()
                    .get(tx, id.toString())
                    .flatMap(entry -> entry.value().instance().host())
                    .ifPresent(there::add);
            if (!there.isEmpty()) {
                hosts.put(id, there);
            }
        }
        return request.toBuilder().hintedHosts(hosts).build();
    }
}
