package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;

/** Prefers hosts with many vCPUs free, over-commitment included; a negative multiplier packs instead of spreads. */
public final class CpuWeigher implements HostWeigher {
    /** Creates the weigher. */
    public CpuWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return host.freeVcpus();
    }
}
