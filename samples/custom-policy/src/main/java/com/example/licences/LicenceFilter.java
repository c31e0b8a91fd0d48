package com.example.licences;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.Optional;

/** Passes hosts that are licensed for the software of the image. Rejects with code {@code LICENCE}. */
public final class LicenceFilter implements HostFilter {
    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Optional<String> needed = Licences.needed(request);
        return needed.isEmpty() || Licences.holds(host, needed.get())
                ? Verdict.pass()
                : Verdict.reject("LICENCE", "a licence for " + needed.get(), "none");
    }
}
