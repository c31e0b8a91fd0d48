package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;

/** Prefers hosts with much local disk free, over-commitment included; a negative multiplier packs instead of spreads. */
public final class DiskWeigher implements HostWeigher {
    /** Creates the weigher. */
    public DiskWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return host.freeDisk();
    }
}
