package io.gantry.core.placement;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.host.HostId;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.TopologyNeed;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.HostTopology;
import io.gantry.topology.TopologyUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CPUs, pages and devices that guests have of hosts. They are part of the guests' claims and come and go with them; what
 * is in use is always the sum of the claims. Claims without them cost nothing.
 */
final class TopologyClaims {
    private final State state;

    TopologyClaims(State state) {
        this.state = state;
    }

    /**
     * What a host says to a need.
     *
     * @param placement where the guest is to be; empty if it needs nothing, or does not fit
     * @param lack why it does not fit
     */
    record Answer(Optional<GuestPlacement> placement, Optional<Verdict> lack) {
        static final Answer NOTHING = new Answer(Optional.empty(), Optional.empty());
    }

    /**
     * Finds where a guest can be. The host's provider was read before the claims are, and is written with the claim that
     * follows: whoever claims between the two makes the later one fail and be tried anew.
     *
     * @param consumer what it has itself counts as free, since it will be replaced
     */
    Answer find(Transaction tx, String consumer, HostTree tree, TopologyNeed need) {
        if (!need.isAny()) {
            return Answer.NOTHING;
        }
        HostId host = HostId.of(tree.root().id());
        HostTopology has = state.hosts()
                .get(tx, host.value())
                .map(entry -> entry.value().inventory().topology())
                .orElse(HostTopology.UNKNOWN);
        List<GuestPlacement> others = new ArrayList<>();
        for (Table.Entry<ClaimRow> entry : placed(tx, host)) {
            if (!entry.value().consumer().equals(consumer)) {
                entry.value().placement().ifPresent(others::add);
            }
        }
        TopologyUse used = TopologyUse.of(others);
        var ratios = new HostAccount(tree.root(), tree.pools()).ratios();
        Optional<GuestPlacement> placement = need.place(has, used, ratios);
        return placement.isPresent()
                ? new Answer(placement, Optional.empty())
                : new Answer(Optional.empty(), Optional.of(need.judge(has, used, ratios)));
    }

    /** {@return what guests have of a host} */
    TopologyUse on(Transaction tx, HostId host) {
        return TopologyUse.of(placed(tx, host).stream()
                .flatMap(entry -> entry.value().placement().stream())
                .toList());
    }

    /** {@return what guests have of each host; those of which they have nothing are missing} */
    Map<HostId, TopologyUse> all(Transaction tx) {
        Map<HostId, List<GuestPlacement>> byHost = new HashMap<>();
        for (Table.Entry<ClaimRow> entry : state.claims().find(tx, ClaimRow.PLACED, ClaimRow.YES)) {
            ClaimRow claim = entry.value();
            claim.placement()
                    .ifPresent(placement -> byHost.computeIfAbsent(claim.host(), host -> new ArrayList<>())
                            .add(placement));
        }
        Map<HostId, TopologyUse> uses = new HashMap<>();
        byHost.forEach((host, guests) -> uses.put(host, TopologyUse.of(guests)));
        return uses;
    }

    private List<Table.Entry<ClaimRow>> placed(Transaction tx, HostId host) {
        return state.claims().find(tx, ClaimRow.PLACED_ON, host.value());
    }
}
