package io.gantry.jmh.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * As {@link Optimum}, for guests with dedicated CPUs on hosts with two cells: each cell of a guest is on another cell of one
 * host.
 */
final class PinnedOptimum {
    private static final Comparator<Pinned> BY_ROOM =
            Comparator.comparingInt(Pinned::cpus).thenComparingInt(Pinned::memory);
    private static final Comparator<Pinned> LARGEST_FIRST = Comparator.comparingInt(
                    (Pinned guest) -> guest.cells() * guest.cpus())
            .thenComparingInt(Pinned::cells)
            .thenComparingInt(Pinned::memory)
            .reversed();

    private final Pinned[] requests;
    private final Set<List<Object>> hopeless = new HashSet<>();

    private PinnedOptimum(List<Pinned> requests) {
        this.requests = requests.stream().sorted(LARGEST_FIRST).toArray(Pinned[]::new);
    }

    /** A host's two cells, the one with less room first. */
    private record Host(Pinned less, Pinned more) {
        static Host of(Pinned one, Pinned other) {
            return BY_ROOM.compare(one, other) <= 0 ? new Host(one, other) : new Host(other, one);
        }

        /** {@return what it may become with one more guest} */
        List<Host> with(Pinned guest) {
            List<Host> after = new ArrayList<>();
            boolean first = guest.fits(less);
            boolean second = guest.fits(more);
            if (guest.cells() == 2) {
                if (first && second) {
                    after.add(of(less.less(guest), more.less(guest)));
                }
                return after;
            }
            if (first) {
                after.add(of(less.less(guest), more));
            }
            if (second && !less.equals(more)) {
                after.add(of(less, more.less(guest)));
            }
            return after;
        }
    }

    static int of(int hosts, Pinned cell, List<Pinned> requests) {
        Host[] empty = Collections.nCopies(hosts, new Host(cell, cell)).toArray(new Host[0]);
        for (int placed = 1; placed <= requests.size(); placed++) {
            if (!new PinnedOptimum(requests.subList(0, placed)).fits(0, empty)) {
                return placed - 1;
            }
        }
        return requests.size();
    }

    private boolean fits(int request, Host[] hosts) {
        if (request == requests.length) {
            return true;
        }
        Host[] sorted = hosts.clone();
        Arrays.sort(sorted, Comparator.comparing(Host::less, BY_ROOM).thenComparing(Host::more, BY_ROOM));
        List<Object> state = List.of(request, Arrays.asList(sorted));
        if (hopeless.contains(state)) {
            return false;
        }
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && sorted[i].equals(sorted[i - 1])) {
                continue;
            }
            Host before = sorted[i];
            for (Host after : before.with(requests[request])) {
                sorted[i] = after;
                if (fits(request + 1, sorted)) {
                    return true;
                }
            }
            sorted[i] = before;
        }
        hopeless.add(state);
        return false;
    }
}
