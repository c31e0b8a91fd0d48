package io.gantry.core.scheduler;

import io.gantry.host.HostId;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks filters about many hosts at once, those first that reject most for what they cost. */
final class BulkFilters {
    private static final Logger LOG = LoggerFactory.getLogger(BulkFilters.class);

    private final List<HostFilter> filters;
    private final FilterOrder order;

    BulkFilters(List<HostFilter> filters) {
        this.filters = filters;
        this.order = new FilterOrder(filters.size());
    }

    /**
     * Fills a survey with the rows that pass the filters which judge by columns.
     *
     * @param without hosts that are left out, since they are judged by themselves
     * @return the filters that are still to be asked about each host
     */
    List<HostFilter> retain(
            PlacementRequest request,
            CandidateTable table,
            Collection<HostId> without,
            Survey survey,
            Rejections rejections) {
        survey.ensure(table.size());
        BitSet broken = new BitSet();
        List<HostFilter> others = new ArrayList<>();
        while (true) {
            int number = attempt(request, table, without, survey, rejections, broken, others);
            if (number < 0) {
                return others;
            }
            // What it did to the rows is unknown. It is asked about each host, so that it rejects only those it throws
            // on.
            broken.set(number);
            rejections.clear();
            others.clear();
        }
    }

    /**
     * Asks the filters that judge by columns.
     *
     * @param others takes those that do not
     * @return the number of a filter that threw; -1 if none did
     */
    private int attempt(
            PlacementRequest request,
            CandidateTable table,
            Collection<HostId> without,
            Survey survey,
            Rejections rejections,
            BitSet broken,
            List<HostFilter> others) {
        int[] rows = survey.rows();
        int count = all(table, without, rows);
        boolean sampled = order.isSampled();
        for (int number : order.order()) {
            ColumnFilter retain = broken.get(number) ? null : columns(filters.get(number), request);
            if (retain == null) {
                others.add(filters.get(number));
                continue;
            }
            if (retain == ColumnFilter.KEEP_ALL || count == 0) {
                continue;
            }
            long start = sampled ? System.nanoTime() : 0;
            int kept;
            try {
                kept = retain.retain(table, rows, count);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.warn("Filter {} threw on columns", filters.get(number).name(), e);
                return number;
            }
            if (sampled) {
                order.measured(number, System.nanoTime() - start, count, kept);
            }
            rejections.note(filters.get(number).name(), count - kept);
            count = kept;
        }
        survey.count(count);
        return -1;
    }

    private static int all(CandidateTable table, Collection<HostId> without, int[] rows) {
        int[] skipped = without.stream()
                .mapToInt(table::find)
                .filter(row -> row >= 0)
                .sorted()
                .toArray();
        int count = 0;
        int next = 0;
        for (int row = 0; row < table.size(); row++) {
            if (next < skipped.length && skipped[next] == row) {
                next++;
            } else {
                rows[count++] = row;
            }
        }
        return count;
    }

    private static @Nullable ColumnFilter columns(HostFilter filter, PlacementRequest request) {
        try {
            return filter.columns(request).orElse(null);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("Filter {} threw before it judged", filter.name(), e);
            return null;
        }
    }
}
