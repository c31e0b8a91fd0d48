package io.gantry.core.planning;

import io.gantry.core.scheduler.HostScheduler;
import io.gantry.host.HostId;
import io.gantry.placement.PlacementReport;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds places for all guests of a host. No guest counts on another one's having left: a place is charged and not given
 * back, so that every move fits whichever others have been made, and in whatever order.
 */
final class HostEmptier {
    /** How many rankings the search may take that goes back on what it chose. */
    private static final int BUDGET = 5_000;

    private final Placement placement;
    private final Predicate<HostId> allowed;

    HostEmptier(Placement placement, Predicate<HostId> allowed) {
        this.placement = placement;
        this.allowed = allowed;
    }

    /**
     * {@return the best assignment that was found} The guests with the largest claims choose first, each the host that the
     * weighers like best. If some are left without a place, the smallest choose first; if that does not place all
     * either, choices are taken back one after the other until all fit or the search has taken long enough.
     */
    Assignment assign(Fleet fleet, List<Guest> guests) {
        Comparator<Guest> bySize = Comparator.<Guest>comparingDouble(guest -> size(fleet, guest))
                .thenComparing(guest -> guest.id().toString());
        List<Guest> largestFirst = guests.stream().sorted(bySize.reversed()).toList();
        Assignment best = choose(fleet, largestFirst);
        if (best.refused().isEmpty()) {
            return best;
        }
        Assignment other = choose(fleet, guests.stream().sorted(bySize).toList());
        if (other.refused().size() < best.refused().size()) {
            best = other;
        }
        if (best.refused().isEmpty()) {
            return best;
        }
        // Those that no empty fleet could take only hold the search up.
        Assignment found = best;
        List<Guest> hopeful = largestFirst.stream()
                .filter(guest -> found.targets().containsKey(guest) || hasPlace(fleet, guest))
                .toList();
        return new Search()
                .all(fleet.copy(), hopeful)
                .map(all -> joined(all, found, fleet))
                .orElse(found);
    }

    private boolean hasPlace(Fleet fleet, Guest guest) {
        return accepted(placement.rank(fleet, guest)).findFirst().isPresent();
    }

    private Assignment joined(Assignment all, Assignment before, Fleet fleet) {
        Fleet then = fleet.copy();
        all.targets().forEach((guest, host) -> then.charge(host, guest));
        before.refused().keySet().stream()
                .filter(guest -> !all.targets().containsKey(guest))
                .forEach(guest -> all.refused().put(guest, placement.rank(then, guest)));
        return all;
    }

    private static double size(Fleet fleet, Guest guest) {
        return fleet.views().stream()
                .mapToDouble(view -> fleet.part(view.id(), guest))
                .max()
                .orElse(0);
    }

    private Assignment choose(Fleet fleet, List<Guest> guests) {
        Fleet then = fleet.copy();
        Assignment chosen = new Assignment();
        for (Guest guest : guests) {
            PlacementReport ranking = placement.rank(then, guest);
            Optional<HostId> first = accepted(ranking).findFirst();
            if (first.isPresent()) {
                then.charge(first.get(), guest);
                chosen.targets().put(guest, first.get());
            } else {
                chosen.refused().put(guest, ranking);
            }
        }
        return chosen;
    }

    private Stream<HostId> accepted(PlacementReport ranking) {
        return HostScheduler.accepted(ranking).stream().filter(allowed);
    }

    /** Depth first through all choices. */
    private final class Search {
        private final Deque<HostId> chosen = new ArrayDeque<>();
        private int budget = BUDGET;

        Optional<Assignment> all(Fleet fleet, List<Guest> guests) {
            if (!place(fleet, guests, 0)) {
                return Optional.empty();
            }
            Assignment found = new Assignment();
            int next = 0;
            for (HostId host : chosen) {
                found.targets().put(guests.get(next++), host);
            }
            return Optional.of(found);
        }

        private boolean place(Fleet fleet, List<Guest> guests, int next) {
            if (next == guests.size()) {
                return true;
            }
            if (budget-- <= 0) {
                return false;
            }
            Guest guest = guests.get(next);
            for (HostId host : accepted(placement.rank(fleet, guest)).toList()) {
                fleet.charge(host, guest);
                chosen.addLast(host);
                if (place(fleet, guests, next + 1)) {
                    return true;
                }
                chosen.removeLast();
                fleet.release(host, guest);
            }
            return false;
        }
    }
}
