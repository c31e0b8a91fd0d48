package io.gantry.core.scheduler;

import io.gantry.placement.FilterResult;
import io.gantry.spi.scheduler.HostView;
import java.util.Optional;

/** What a verb itself rules out, such as the source of a migration. */
@FunctionalInterface
public interface Exclusion {
    /** Rules nothing out. */
    Exclusion NONE = host -> Optional.empty();

    /** {@return why a host is out of the question; empty if it is not} */
    Optional<FilterResult> of(HostView host);

    /** {@return this, and what another one rules out} */
    default Exclusion or(Exclusion other) {
        if (this == NONE) {
            return other;
        }
        return other == NONE ? this : host -> of(host).or(() -> other.of(host));
    }
}
