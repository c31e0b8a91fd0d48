package io.gantry.core.scheduler;

import io.gantry.placement.WeigherScore;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one decision works with: the hosts that are still in question, by id, with their raw and final weights. Used again
 * for other decisions, so that those allocate nothing for each host; for one thread at a time.
 */
final class Survey {
    private static final int INITIAL = 64;

    private final double[][] raw;
    private final Normalisation[] scales;
    private final double[] multipliers;
    private final boolean[] uniform;
    private final boolean[] zero;
    private int[] rows = new int[INITIAL];
    private HostView[] views = new HostView[INITIAL];
    private double[] weights = new double[INITIAL];
    private int[] best = new int[INITIAL];
    private int count;

    /** So many hosts, from the first one on, are in the order of their ids. */
    private int sorted;

    /** So many views, from the first one on, may be there. */
    private int collected;

    Survey(int weighers) {
        this.raw = new double[weighers][INITIAL];
        this.scales = new Normalisation[weighers];
        this.multipliers = new double[weighers];
        this.uniform = new boolean[weighers];
        this.zero = new boolean[weighers];
    }

    /** Makes room for so many hosts. */
    void ensure(int hosts) {
        if (hosts > views.length) {
            int length = Math.max(hosts, views.length * 2);
            rows = new int[length];
            views = Arrays.copyOf(views, length);
            weights = new double[length];
            best = new int[length];
            for (int i = 0; i < raw.length; i++) {
                raw[i] = Arrays.copyOf(raw[i], length);
            }
        }
    }

    /** {@return rows of the table, for those who fill them} */
    int[] rows() {
        return rows;
    }

    /** {@return the hosts in question, if they were collected} */
    HostView[] views() {
        return views;
    }

    /** {@return the raw values of a weigher, for those who fill them} */
    double[] raw(int weigher) {
        return raw[weigher];
    }

    /** Says whether a weigher rates every host 0, so that its raw values are not filled. */
    void zero(int weigher, boolean isZero) {
        zero[weigher] = isZero;
    }

    boolean isZero(int weigher) {
        return zero[weigher];
    }

    int count() {
        return count;
    }

    /** Sets how many of the hosts are in question, whose rows are filled. */
    void count(int hosts) {
        this.count = hosts;
        this.sorted = hosts;
    }

    /** Takes the hosts from the table, for those who look at more than columns. */
    void collect(CandidateTable table) {
        table.collect(rows, count, views);
        collected = count;
    }

    /** Takes the first of some hosts from the table. */
    void collect(CandidateTable table, int[] some, int first) {
        for (int i = 0; i < first; i++) {
            views[some[i]] = table.view(rows[some[i]]);
            collected = Math.max(collected, some[i] + 1);
        }
    }

    /** Adds a host that is judged by itself. */
    void add(HostView view, WeightedWeigher[] weighers, RawValue measure) {
        ensure(count + 1);
        views[count] = view;
        for (int i = 0; i < weighers.length; i++) {
            raw[i][count] = measure.of(weighers[i].weigher(), view);
        }
        count++;
        collected = Math.max(collected, count);
    }

    /** What a weigher measures of one host. */
    interface RawValue {
        double of(HostWeigher weigher, HostView view);
    }

    /** Which hosts stay in question. */
    interface Test {
        boolean passes(HostView view);
    }

    /** Keeps the hosts that pass. */
    void retain(Test test) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (test.passes(views[i])) {
                move(i, kept++);
            }
        }
        Arrays.fill(views, kept, count, null);
        count = kept;
        sorted = Math.min(sorted, kept);
    }

    private void move(int from, int to) {
        if (from != to) {
            views[to] = views[from];
            for (double[] values : raw) {
                values[to] = values[from];
            }
        }
    }

    /**
     * Weighs the hosts in question by their raw values, if there are several.
     *
     * @param mayDiffer whether aggregates may set another multiplier for some hosts
     */
    void weigh(WeightedWeigher[] weighers, boolean[] mayDiffer) {
        Arrays.fill(weights, 0, count, 0);
        if (count < 2) {
            return;
        }
        for (int w = 0; w < weighers.length; w++) {
            if (zero[w]) {
                continue;
            }
            double[] values = raw[w];
            Normalisation scale = Normalisation.over(weighers[w].weigher().scale(), values, count);
            double multiplier = weighers[w].multiplier();
            scales[w] = scale;
            multipliers[w] = multiplier;
            uniform[w] = !mayDiffer[w];
            if (scale.isFlat()) {
                continue;
            }
            if (uniform[w]) {
                scale.addTo(weights, values, count, multiplier);
                continue;
            }
            for (int i = 0; i < count; i++) {
                weights[i] += scale.of(values[i]) * Multiplier.of(weighers[w], views[i]);
            }
        }
    }

    /** {@return the scores of a host; none if it was the only one} */
    List<WeigherScore> scores(WeightedWeigher[] weighers, int host) {
        List<WeigherScore> scores = new ArrayList<>(weighers.length);
        for (int w = 0; w < weighers.length && count > 1; w++) {
            if (zero[w]) {
                scores.add(new WeigherScore(weighers[w].weigher().name(), 0, 0, 0));
                continue;
            }
            double value = raw[w][host];
            double normalised = scales[w].of(value);
            double multiplier = uniform[w] ? multipliers[w] : Multiplier.of(weighers[w], views[host]);
            scores.add(new WeigherScore(weighers[w].weigher().name(), value, normalised, normalised * multiplier));
        }
        return scores;
    }

    /**
     * Finds the hosts that weigh most, in descending order; those that weigh the same by id, or, where ties are shuffled,
     * those that weigh the same as the best in an order that the seed yields.
     *
     * @param wanted how many
     * @return their numbers; the first {@code min(wanted, count)} are valid, until the next call
     */
    int[] best(int wanted, boolean shufflesBest, long seed) {
        double top = Double.NEGATIVE_INFINITY;
        for (int i = 0; shufflesBest && i < count; i++) {
            top = Math.max(top, weights[i]);
        }
        int found = 0;
        int most = Math.min(wanted, count);
        double least = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            // Most weigh less than the last of the best, which is seen without looking at ties.
            if (found == most && (weights[i] < least || !precedes(i, best[found - 1], top, seed))) {
                continue;
            }
            int place = found == most ? found - 1 : found++;
            while (place > 0 && precedes(i, best[place - 1], top, seed)) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = i;
            least = weights[best[found - 1]];
        }
        return best;
    }

    private boolean precedes(int one, int other, double shuffled, long seed) {
        if (weights[one] != weights[other]) {
            return weights[one] > weights[other];
        }
        if (weights[one] == shuffled) {
            long a = mix(seed + one);
            long b = mix(seed + other);
            return a != b ? a < b : one < other;
        }
        boolean inOrder = one < sorted && other < sorted;
        return inOrder ? one < other : views[one].id().compareTo(views[other].id()) < 0;
    }

    /** Spreads numbers that are close to one another: the finalizer of Stafford's variant 13, as in SplittableRandom. */
    private static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** Lets go of the hosts. */
    void clear() {
        Arrays.fill(views, 0, collected, null);
        Arrays.fill(zero, false);
        collected = 0;
        count = 0;
        sorted = 0;
    }
}
