package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Passes hosts of the availability zone that the instance asks for, and all hosts for one that asks for none. Rejects with
 * code {@code OTHER_ZONE}.
 */
public final class AvailabilityZoneFilter implements HostFilter {
    /** Creates the filter. */
    public AvailabilityZoneFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Optional<String> needed = request.zone();
        return needed.isEmpty() || needed.get().equals(host.zone())
                ? Verdict.pass()
                : Verdict.reject("OTHER_ZONE", "zone " + needed.get(), "zone " + host.zone());
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "of the zone that the instance asks for; all if it asks for none",
                        "the zone asked for",
                        "the host's zone")
                .rejectingWith("OTHER_ZONE");
    }
}
