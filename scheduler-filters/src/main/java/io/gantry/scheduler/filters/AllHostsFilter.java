package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/** Passes every host: reads nothing, rejects nothing and has no options. For an engine that shall decide by weight alone. */
public final class AllHostsFilter implements HostFilter {
    /** Creates the filter. */
    public AllHostsFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        return Verdict.pass();
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return Optional.of(ColumnFilter.KEEP_ALL);
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("of every kind");
    }
}
