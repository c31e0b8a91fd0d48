package io.gantry.jmh.packing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The most instances of a trace that anybody could place before the first refusal, who knew all of them beforehand: the
 * longest beginning of the trace that fits into the hosts at all. Found exhaustively, largest instance first; states that
 * were seen, and hosts with the same room, are looked at once, and those in which more is still to be placed than there is
 * usable room are not looked at.
 */
final class Optimum {
    private static final Comparator<Size> LARGEST_FIRST = Comparator.comparingInt(Size::vcpus)
            .thenComparingInt(Size::memory)
            .thenComparingInt(Size::disk)
            .reversed();

    private final Size[] requests;
    private final Rest[] rests;
    private final Set<List<Object>> hopeless = new HashSet<>();

    private Optimum(List<Size> requests) {
        this.requests = requests.stream().sorted(LARGEST_FIRST).toArray(Size[]::new);
        this.rests = new Rest[this.requests.length + 1];
        this.rests[this.requests.length] = Rest.NOTHING;
        for (int i = this.requests.length - 1; i >= 0; i--) {
            this.rests[i] = this.rests[i + 1].and(this.requests[i]);
        }
    }

    static int of(List<Size> hosts, List<Size> trace) {
        for (int placed = 1; placed <= trace.size(); placed++) {
            if (!new Optimum(trace.subList(0, placed)).fits(0, hosts.toArray(new Size[0]))) {
                return placed - 1;
            }
        }
        return trace.size();
    }

    private boolean fits(int request, Size[] rooms) {
        if (request == requests.length) {
            return true;
        }
        if (!rests[request].mayFit(rooms)) {
            return false;
        }
        Size[] sorted = rooms.clone();
        Arrays.sort(sorted, LARGEST_FIRST);
        List<Object> state = List.of(request, Arrays.asList(sorted));
        if (hopeless.contains(state)) {
            return false;
        }
        for (int i = 0; i < sorted.length; i++) {
            if ((i > 0 && sorted[i].equals(sorted[i - 1])) || !requests[request].fits(sorted[i])) {
                continue;
            }
            Size before = sorted[i];
            sorted[i] = before.less(requests[request]);
            if (fits(request + 1, sorted)) {
                return true;
            }
            sorted[i] = before;
        }
        hopeless.add(state);
        return false;
    }
}
