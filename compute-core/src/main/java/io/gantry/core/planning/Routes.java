package io.gantry.core.planning;

import io.gantry.host.HostId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts moves into waves. Within a wave both hosts of every move are charged, so that its moves fit in whatever order they
 * begin and end; a wave may count on what the one before has left.
 */
final class Routes {
    private final Placement placement;

    Routes(Placement placement) {
        this.placement = placement;
    }

    /**
     * A move in its wave.
     *
     * @param guest who is moved
     * @param target where to
     * @param wave from 1
     */
    record Leg(Guest guest, HostId target, int wave) {}

    /** {@return the moves that can be made, in order} What no wave can take is left out. */
    List<Leg> of(Fleet fleet, Map<Guest, HostId> targets) {
        List<Leg> legs = new ArrayList<>();
        Map<Guest, HostId> waiting = new LinkedHashMap<>(targets);
        Fleet now = fleet.copy();
        for (int wave = 1; !waiting.isEmpty(); wave++) {
            Map<Guest, HostId> taken = new HashMap<>();
            for (Iterator<Map.Entry<Guest, HostId>> left = waiting.entrySet().iterator(); left.hasNext(); ) {
                Map.Entry<Guest, HostId> move = left.next();
                if (placement.passes(now, move.getKey(), move.getValue())) {
                    now.charge(move.getValue(), move.getKey());
                    legs.add(new Leg(move.getKey(), move.getValue(), wave));
                    taken.put(move.getKey(), move.getValue());
                    left.remove();
                }
            }
            if (taken.isEmpty()) {
                break;
            }
            taken.keySet().forEach(guest -> now.release(guest.host(), guest));
        }
        return legs;
    }
}
