package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
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
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        if (request.zone().isEmpty()) {
            return Optional.of(ColumnFilter.KEEP_ALL);
        }
        String name = request.zone().get();
        return Optional.of((hosts, rows, count) -> {
            int needed = hosts.zoneNumber(name);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (needed == hosts.zone(row)) {
                    rows[kept++] = row;
                }
            }
            return kept;
        });
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
