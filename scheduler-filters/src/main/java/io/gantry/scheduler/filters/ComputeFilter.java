package io.gantry.scheduler.filters;

import io.gantry.host.HostState;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Passes hosts that are enabled and up. Rejects with code {@code HOST_DISABLED}, quoting the reason that the operator
 * gave, or {@code HOST_DOWN}.
 */
public final class ComputeFilter implements HostFilter {
    /** Creates the filter. */
    public ComputeFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        if (host.disabledReason().isPresent()) {
            return Verdict.reject(
                    "HOST_DISABLED",
                    "an enabled host",
                    "one that is disabled: " + host.disabledReason().get());
        }
        return host.state() == HostState.UP
                ? Verdict.pass()
                : Verdict.reject("HOST_DOWN", "a host that is up", "one that does not answer");
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return Optional.of((hosts, rows, count) -> {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (hosts.available(row)) {
                    rows[kept++] = row;
                }
            }
            return kept;
        });
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("that are enabled and up", "state", "whether the host is disabled")
                .rejectingWith("HOST_DISABLED", "HOST_DOWN");
    }
}
