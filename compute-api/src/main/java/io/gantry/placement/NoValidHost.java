package io.gantry.placement;

import static java.util.Objects.requireNonNull;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** No host can take the instance; {@link #report()} says for each one why. */
public final class NoValidHost extends ComputeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 10;

    private final transient PlacementReport report;

    /**
     * Creates the failure.
     *
     * @param resource what could not be placed
     * @param report why, host by host
     */
    public NoValidHost(ResourceRef resource, PlacementReport report) {
        super(
                "NO_VALID_HOST",
                true,
                resource,
                "No host can take " + resource + ": " + report.summary() + reasons(report),
                report.hosts().isEmpty()
                        ? "Register a host with compute.hosts().register(...)"
                        : report.advice().orElse("Ask for less, free the named resource, or add a host that has it"),
                null);
        this.report = requireNonNull(report, "report");
    }

    /**
     * Creates the failure as those are told who may not see hosts: with an empty report.
     *
     * @param resource what was to be placed
     */
    public NoValidHost(ResourceRef resource) {
        super(
                "NO_VALID_HOST",
                true,
                resource,
                "No host can take " + resource + " at present",
                "Ask for less or for something else, or try again later",
                null);
        this.report = new PlacementReport(Optional.empty(), List.of());
    }

    /** {@return why each host was rejected; empty for callers who may not see hosts} */
    public PlacementReport report() {
        return report;
    }

    private static String reasons(PlacementReport report) {
        if (report.rejected().isEmpty()) {
            return "";
        }
        int rejected = report.total() - report.passedOver();
        return report.rejected().stream()
                .limit(SHOWN)
                .map(host -> host.host() + ": "
                        + host.rejection()
                                .map(r -> r.filter() + " " + r.verdict())
                                .orElse(""))
                .collect(Collectors.joining(
                        "; ", " (", rejected > Math.min(SHOWN, report.rejected().size()) ? "; …)" : ")"));
    }
}
