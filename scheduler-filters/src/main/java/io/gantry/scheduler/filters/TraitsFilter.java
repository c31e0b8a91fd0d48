package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Passes hosts with all traits that flavor and image require, and none that the flavor forbids. Rejects with code
 * {@code TRAIT_MISSING} or {@code TRAIT_FORBIDDEN}, naming the traits in question.
 */
public final class TraitsFilter implements HostFilter {
    /** Creates the filter. */
    public TraitsFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        Set<String> missing = new TreeSet<>(request.needs().required());
        missing.removeAll(host.traits());
        if (!missing.isEmpty()) {
            return Verdict.reject("TRAIT_MISSING", String.join(", ", missing), "none of them");
        }
        Set<String> forbidden = new TreeSet<>(request.needs().forbidden());
        forbidden.retainAll(host.traits());
        return forbidden.isEmpty()
                ? Verdict.pass()
                : Verdict.reject(
                        "TRAIT_FORBIDDEN",
                        "a host without " + String.join(", ", forbidden),
                        String.join(", ", forbidden));
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        boolean asksNothing = request.needs().required().isEmpty()
                && request.needs().forbidden().isEmpty();
        return asksNothing ? Optional.of(ColumnFilter.KEEP_ALL) : Optional.empty();
    }

    @Override
    public boolean runsOnRebuild() {
        return true;
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "with all traits that are required, and none that is forbidden",
                        "extra specs `trait:TRAIT` (`required` or `forbidden`), image properties `trait:TRAIT` (`required`)",
                        "traits of the host's provider")
                .rejectingWith("TRAIT_MISSING", "TRAIT_FORBIDDEN");
    }
}
