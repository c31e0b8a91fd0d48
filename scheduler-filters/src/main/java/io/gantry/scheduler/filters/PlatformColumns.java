package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostTable;
import io.gantry.spi.scheduler.HostView;
import java.util.function.Function;

/** Judges each platform once, for filters that look at nothing else of a host. */
record PlatformColumns(Function<HostView, Verdict> judge) implements ColumnFilter {
    @Override
    public int retain(HostTable hosts, int[] rows, int count) {
        boolean[] passes = new boolean[hosts.platforms()];
        for (int platform = 0; platform < passes.length; platform++) {
            passes[platform] = judge.apply(hosts.example(platform)).passed();
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (passes[hosts.platform(row)]) {
                rows[kept++] = row;
            }
        }
        return kept;
    }
}
