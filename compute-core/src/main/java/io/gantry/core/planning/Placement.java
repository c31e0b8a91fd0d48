package io.gantry.core.planning;

import io.gantry.core.scheduler.HostScheduler;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Which hosts of a fleet can take a guest: by the scheduler's filters, and by what the hosts themselves say. */
public final class Placement {
    private static final String NAME = "Move";

    private final HostScheduler scheduler;
    private final BiFunction<Guest, HostId, Optional<FilterResult>> answers;
    private final Map<Asked, Optional<FilterResult>> asked = new HashMap<>();

    private record Asked(InstanceId guest, HostId host) {}

    /**
     * Creates a placement; for one thread.
     *
     * @param scheduler filters and weighs
     * @param answers what only a host itself can tell: why it cannot take a guest; asked once for each guest and host
     */
    public Placement(HostScheduler scheduler, BiFunction<Guest, HostId, Optional<FilterResult>> answers) {
        this.scheduler = scheduler;
        this.answers = answers;
    }

    /**
     * {@return all hosts that can take a guest, best first, and why the others cannot} Of equal ones the first by id comes
     * first, whatever the engine draws.
     */
    public PlacementReport rank(Fleet fleet, Guest guest) {
        return rank(fleet.views(), guest);
    }

    private PlacementReport rank(List<HostView> views, Guest guest) {
        PlacementReport ranking = scheduler.rank(guest.request(), views, view -> ruledOut(guest, view));
        List<HostReport> hosts = new ArrayList<>();
        for (HostReport host : ranking.hosts()) {
            Optional<FilterResult> refusal =
                    host.rejection().isPresent() ? Optional.empty() : answer(guest, host.host());
            hosts.add(refusal.map(result -> refused(host, result)).orElse(host));
        }
        hosts.sort(Comparator.<HostReport, Boolean>comparing(
                        host -> host.rejection().isPresent())
                .thenComparing(Comparator.comparingDouble(HostReport::weight).reversed())
                .thenComparing(HostReport::host));
        return ranking.withHosts(hosts);
    }

    /** {@return whether a host can take a guest} */
    boolean passes(Fleet fleet, Guest guest, HostId host) {
        return fleet.view(host)
                .filter(view ->
                        !HostScheduler.accepted(rank(List.of(view), guest)).isEmpty())
                .isPresent();
    }

    private Optional<FilterResult> answer(Guest guest, HostId host) {
        Asked question = new Asked(guest.id(), host);
        Optional<FilterResult> known = asked.get(question);
        if (known == null) {
            known = answers.apply(guest, host);
            asked.put(question, known);
        }
        return known;
    }

    private static Optional<FilterResult> ruledOut(Guest guest, HostView view) {
        if (view.id().equals(guest.host())) {
            return Optional.of(new FilterResult(
                    NAME, Verdict.reject("SOURCE_HOST", "another host", "the host that the instance is on")));
        }
        // Whatever the filters are: nothing is moved to where nothing shall be.
        return view.disabledReason()
                .map(reason -> new FilterResult(NAME, Verdict.reject("HOST_DISABLED", "an enabled host", reason)));
    }

    private static HostReport refused(HostReport host, FilterResult refusal) {
        List<FilterResult> filters = new ArrayList<>(host.filters());
        filters.add(refusal);
        return new HostReport(host.host(), filters, List.of());
    }
}
