package io.gantry.core.planning;

import io.gantry.host.HostId;
import io.gantry.maintenance.RebalancePolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for moves that better the load, one after the other, until none is worth it any more: whoever looks again from there
 * finds nothing. Guests that were moved more than once on the way are moved once, to where they came in the end.
 */
final class Rebalancer {
    private final Placement placement;
    private final RebalancePolicy policy;

    Rebalancer(Placement placement, RebalancePolicy policy) {
        this.placement = placement;
        this.policy = policy;
    }

    /** {@return where guests go} */
    Map<Guest, HostId> targets(Fleet fleet, List<Guest> guests) {
        Layout layout = new Layout(fleet.copy(), guests);
        while (policy.goal() == RebalancePolicy.Goal.SPREAD ? spread(layout) : pack(layout)) {
            // Each round betters the figure by a least amount, hence there is a last one.
        }
        return layout.moved();
    }

    /** Where the guests are by now. */
    private static final class Layout {
        private final Fleet fleet;
        private final Map<Guest, HostId> places = new LinkedHashMap<>();

        Layout(Fleet fleet, List<Guest> guests) {
            this.fleet = fleet;
            guests.stream()
                    .sorted(Comparator.comparing(guest -> guest.id().toString()))
                    .forEach(guest -> places.put(guest, guest.host()));
        }

        HostId place(Guest guest) {
            return places.getOrDefault(guest, guest.host());
        }

        /** {@return the guest as one of the host that it has been brought to, for filters} */
        Guest there(Guest guest) {
            return new Guest(guest.name(), place(guest), guest.request(), guest.kind(), guest.load());
        }

        void move(Guest guest, HostId to) {
            fleet.release(place(guest), guest);
            fleet.charge(to, guest);
            places.put(guest, to);
        }

        List<Guest> on(HostId host) {
            return places.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(host))
                    .map(Map.Entry::getKey)
                    .toList();
        }

        Map<Guest, HostId> moved() {
            Map<Guest, HostId> moved = new LinkedHashMap<>();
            places.forEach((guest, host) -> {
                if (!host.equals(guest.host())) {
                    moved.put(guest, host);
                }
            });
            return moved;
        }

        int movedAfter(Guest guest, HostId to) {
            int others = moved().size() - (place(guest).equals(guest.host()) ? 0 : 1);
            return others + (to.equals(guest.host()) ? 0 : 1);
        }
    }

    private record Step(Guest guest, HostId target, double gain) {}

    /** Makes the move that lowers the imbalance most, if one is worth it. */
    private boolean spread(Layout layout) {
        Map<HostId, Double> loads = layout.fleet.load().loads();
        Sums sums = Sums.of(loads);
        List<Step> steps = new ArrayList<>();
        for (Guest guest : layout.places.keySet()) {
            HostId source = layout.place(guest);
            Sums without = sums.with(loads.getOrDefault(source, 0.0), -layout.fleet.part(source, guest));
            loads.forEach((host, load) -> {
                double gain = sums.imbalance()
                        - without.with(load, layout.fleet.part(host, guest)).imbalance();
                if (!host.equals(source) && gain >= policy.minGain()) {
                    steps.add(new Step(guest, host, gain));
                }
            });
        }
        steps.sort(Comparator.comparingDouble(Step::gain)
                .reversed()
                .thenComparing(step -> step.guest().id().toString())
                .thenComparing(Step::target));
        for (Step step : steps) {
            if (layout.movedAfter(step.guest(), step.target()) <= policy.maxMoves() && fits(layout, step)) {
                layout.move(step.guest(), step.target());
                return true;
            }
        }
        return false;
    }

    /** A guest may return to the host that it came from, which the rule against sources would forbid. */
    private boolean fits(Layout layout, Step step) {
        return placement.passes(layout.fleet, layout.there(step.guest()), step.target());
    }

    /** Sum and sum of squares of loads, from which the imbalance after a move follows without looking at all hosts. */
    private record Sums(int hosts, double sum, double squares) {
        static Sums of(Map<HostId, Double> loads) {
            return new Sums(
                    loads.size(),
                    loads.values().stream().mapToDouble(load -> load).sum(),
                    loads.values().stream().mapToDouble(load -> load * load).sum());
        }

        Sums with(double before, double change) {
            double after = before + change;
            return new Sums(hosts, sum + change, squares + after * after - before * before);
        }

        double imbalance() {
            double mean = sum / hosts;
            return Math.sqrt(Math.max(0, squares / hosts - mean * mean));
        }
    }

    /** Empties the least loaded host whose guests all find a place on others that are in use, if that is worth it. */
    private boolean pack(Layout layout) {
        Map<HostId, Double> loads = layout.fleet.load().loads();
        List<HostId> byLoad = loads.keySet().stream()
                .sorted(Comparator.<HostId>comparingDouble(loads::get).thenComparing(Comparator.naturalOrder()))
                .toList();
        Set<HostId> used = new HashSet<>();
        byLoad.stream()
                .filter(host -> layout.fleet.view(host).orElseThrow().usage().instances() > 0)
                .forEach(used::add);
        for (HostId host : byLoad) {
            List<Guest> guests = layout.on(host);
            int there = used.contains(host)
                    ? layout.fleet.view(host).orElseThrow().usage().instances()
                    : 0;
            // One that has what cannot be moved does not become empty.
            if (guests.isEmpty()
                    || guests.size() < there
                    || 1.0 / (loads.size() * (double) guests.size()) < policy.minGain()) {
                continue;
            }
            Assignment found = new HostEmptier(placement, target -> used.contains(target) && !target.equals(host))
                    .assign(layout.fleet, guests.stream().map(layout::there).toList());
            if (found.refused().isEmpty() && apply(layout, guests, found)) {
                return true;
            }
        }
        return false;
    }

    private boolean apply(Layout layout, List<Guest> guests, Assignment found) {
        Map<String, HostId> targets = new TreeMap<>();
        found.targets().forEach((guest, host) -> targets.put(guest.id().toString(), host));
        Map<Guest, HostId> before = new LinkedHashMap<>();
        for (Guest guest : guests) {
            before.put(guest, layout.place(guest));
            layout.move(guest, targets.getOrDefault(guest.id().toString(), layout.place(guest)));
        }
        if (layout.moved().size() <= policy.maxMoves()) {
            return true;
        }
        before.forEach(layout::move);
        return false;
    }
}
