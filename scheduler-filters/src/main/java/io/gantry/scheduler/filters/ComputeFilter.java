package io.gantry.scheduler.filters;

import io.gantry.host.HostState;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;

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
    public PluginDescription description() {
        return PluginDescription.of("that are enabled and up", "state", "whether the host is disabled")
                .rejectingWith("HOST_DISABLED", "HOST_DOWN");
    }
}
