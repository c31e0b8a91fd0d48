package com.example.licences;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;

/** Prefers hosts without licences for instances that need none. */
public final class LicenceWeigher implements HostWeigher {
    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return Licences.needed(request).isEmpty() && Licences.holdsAny(host) ? 0 : 1;
    }
}
