package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.unit.IpNetwork;
import java.util.Optional;

/**
 * Passes hosts whose own address is in the network of the hint {@code near}. A host is known to have an address if its
 * connection names it by one. Rejects with code {@code NETWORK}, or {@code ADDRESS_UNKNOWN} where the host has none.
 */
public final class SimpleCIDRAffinityFilter implements HostFilter {
    /** Creates the filter. */
    public SimpleCIDRAffinityFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Optional<IpNetwork> near = request.hints().near();
        if (near.isEmpty()) {
            return Verdict.pass();
        }
        String needed = "an address in " + near.get();
        if (host.address().isEmpty()) {
            return Verdict.reject("ADDRESS_UNKNOWN", needed, "a connection without an address");
        }
        return near.get().contains(host.address().get())
                ? Verdict.pass()
                : Verdict.reject("NETWORK", needed, host.address().get());
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return request.hints().near().isEmpty() ? Optional.of(ColumnFilter.KEEP_ALL) : Optional.empty();
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "whose address is in the hint's network", "hint `near`", "the address in the host's connection")
                .rejectingWith("NETWORK", "ADDRESS_UNKNOWN");
    }
}
