package io.gantry.core.planning;

import io.gantry.host.HostId;
import io.gantry.placement.PlacementReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where guests go, and why others cannot. For one thread. */
final class Assignment {
    private final Map<Guest, HostId> targets = new LinkedHashMap<>();
    private final Map<Guest, PlacementReport> refused = new LinkedHashMap<>();

    Map<Guest, HostId> targets() {
        return targets;
    }

    Map<Guest, PlacementReport> refused() {
        return refused;
    }
}
