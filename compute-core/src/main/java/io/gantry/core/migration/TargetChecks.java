package io.gantry.core.migration;

import io.gantry.core.host.HostRegistry;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.Verdict;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.scheduler.HostView;
import java.util.List;
import java.util.Optional;

/** What rules out a host as the target of a migration, beside the filters. */
public final class TargetChecks {
    /** Name under which these reasons are reported. */
    static final String NAME = "MigrationPreCheck";

    private final HostRegistry hosts;

    /** Creates the checks. */
    public TargetChecks(HostRegistry hosts) {
        this.hosts = hosts;
    }

    /** {@return what can be told without asking the host} */
    Optional<FilterResult> ruledOut(HostView host, HostId source) {
        return host.id().equals(source)
                ? Optional.of(reject("SOURCE_HOST", "another host", "the host that the instance is on"))
                : Optional.empty();
    }

    /** {@return what the host itself says} */
    public Optional<FilterResult> refused(HostId host, MigrationOffer offer) {
        try {
            Optional<MigrationTarget> target = hosts.connection(host).migrationTarget();
            if (target.isEmpty()) {
                return Optional.of(reject("NOT_CAPABLE", "a target of live migrations", "a driver that cannot be one"));
            }
            List<String> reasons = target.get().refusals(offer);
            return reasons.isEmpty()
                    ? Optional.empty()
                    : Optional.of(reject("REFUSED", "a fit for the guest", String.join("; ", reasons)));
        } catch (ComputeException e) {
            return Optional.of(reject("NO_ANSWER", "an answer from the host", e.getMessage()));
        }
    }

    private static FilterResult reject(String code, String needed, String has) {
        return new FilterResult(NAME, Verdict.reject(code, needed, has));
    }
}
