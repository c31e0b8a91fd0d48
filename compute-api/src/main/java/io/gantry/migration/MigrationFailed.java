package io.gantry.migration;

import static java.util.Objects.requireNonNull;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A migration did not succeed; says in which phase, and where the guest runs now. */
public final class MigrationFailed extends ComputeException {
    private static final long serialVersionUID = 1L;

    private final MigrationPhase phase;
    private final transient @Nullable HostId whereTheGuestRuns;
    private final String reason;

    /**
     * Creates the failure.
     *
     * @param instance the instance
     * @param phase the phase in which it failed
     * @param whereTheGuestRuns the host that holds the guest, as the hosts themselves say; null if neither could tell
     * @param reason what went wrong
     * @param cause the cause, or null
     */
    public MigrationFailed(
            ResourceRef instance,
            MigrationPhase phase,
            @Nullable HostId whereTheGuestRuns,
            String reason,
            @Nullable Throwable cause) {
        super(
                "MIGRATION_FAILED",
                true,
                instance,
                "Migration of " + instance + " failed in phase " + phase + ": " + reason + "; the guest "
                        + (whereTheGuestRuns == null ? "was found on neither host" : "is on " + whereTheGuestRuns),
                whereTheGuestRuns == null
                        ? "Bring one of the two hosts back; the engine then looks again"
                        : "Remove the cause and migrate again, or choose another target",
                cause);
        this.phase = requireNonNull(phase, "phase");
        this.whereTheGuestRuns = whereTheGuestRuns;
        this.reason = requireNonNull(reason, "reason");
    }

    /** {@return what went wrong} */
    public String reason() {
        return reason;
    }

    /** {@return the phase in which it failed} */
    public MigrationPhase phase() {
        return phase;
    }

    /** {@return the host that holds the guest; empty if neither host could tell} */
    public Optional<HostId> whereTheGuestRuns() {
        return Optional.ofNullable(whereTheGuestRuns);
    }
}
