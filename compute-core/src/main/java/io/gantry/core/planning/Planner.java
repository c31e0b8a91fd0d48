package io.gantry.core.planning;

import io.gantry.host.HostId;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MovePrediction;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.PlanKind;
import io.gantry.maintenance.PlannedMove;
import io.gantry.maintenance.RebalancePolicy;
import io.gantry.maintenance.UnmovableInstance;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes plans. Pure, apart from what the placement asks of hosts; equal input yields equal plans. */
public final class Planner {
    private static final double SECOND = 1e9;
    private static final int SHOWN = 10;

    private final Placement placement;
    private final Map<HostId, Bandwidth> links;

    /**
     * Creates a planner.
     *
     * @param placement which hosts can take a guest
     * @param links the bandwidth of hosts' links, where it is known
     */
    public Planner(Placement placement, Map<HostId, Bandwidth> links) {
        this.placement = placement;
        this.links = Map.copyOf(links);
    }

    /**
     * {@return a plan to empty a host}
     *
     * @param fleet all hosts
     * @param host the host
     * @param guests what is to be moved from it
     * @param stuck what is known not to be movable
     */
    public MigrationPlan drain(
            Fleet fleet, HostId host, List<Guest> guests, List<UnmovableInstance> stuck, DrainSpec spec) {
        Fleet drained = fleet.copy();
        drained.disable(host, spec.reason());
        List<UnmovableInstance> unmovable = new ArrayList<>(stuck);
        List<Guest> able = able(guests, spec.moves(), unmovable);
        Assignment found = new HostEmptier(placement, target -> true).assign(drained, able);
        found.refused().forEach((guest, report) -> unmovable.add(refused(guest, report)));
        List<Routes.Leg> legs = new Routes(placement).of(drained, found.targets());
        return plan(PlanKind.DRAIN, Optional.of(host), spec.reason(), spec.moves(), drained, legs, unmovable);
    }

    /**
     * {@return a plan to better the load of all hosts}
     *
     * @param fleet all hosts
     * @param guests what may be moved
     */
    public MigrationPlan rebalance(Fleet fleet, List<Guest> guests, RebalancePolicy policy) {
        List<Guest> able = able(guests, policy.moves(), new ArrayList<>());
        Map<Guest, HostId> targets = new Rebalancer(placement, policy).targets(fleet, able);
        List<Routes.Leg> legs = new Routes(placement).of(fleet, targets);
        return plan(PlanKind.REBALANCE, Optional.empty(), "", policy.moves(), fleet, legs, List.of());
    }

    /** {@return where a guest goes whose planned target cannot take it any more; empty if nowhere} */
    public PlacementReport again(Fleet fleet, Guest guest) {
        return placement.rank(fleet, guest);
    }

    /** What was measured to write memory faster than its link can carry it would only be copied in vain. */
    private List<Guest> able(List<Guest> guests, MoveSettings settings, List<UnmovableInstance> unmovable) {
        List<Guest> able = new ArrayList<>();
        for (Guest guest : guests) {
            long whole = links.getOrDefault(guest.host(), settings.bandwidth()).bytesPerSecond();
            double allowed = settings.maxDowntime().toNanos() / SECOND;
            PrecopyModel.Copy copy = PrecopyModel.of(guest.load(), (double) Math.max(1, whole), allowed);
            if (guest.kind() == MoveKind.COLD
                    || copy.converges()
                    || !guest.load().measured()) {
                able.add(guest);
            } else {
                unmovable.add(new UnmovableInstance(
                        guest.id(),
                        guest.name(),
                        "DOES_NOT_CONVERGE",
                        String.format(
                                Locale.ROOT,
                                "it writes %s, its link carries %s: it would stand still for %.2f s at the best, %.2f s"
                                        + " are allowed",
                                new Bandwidth((long) guest.load().dirtyRate()),
                                new Bandwidth(whole),
                                copy.downtime(),
                                allowed),
                        Optional.empty()));
            }
        }
        return able;
    }

    private static UnmovableInstance refused(Guest guest, PlacementReport report) {
        return new UnmovableInstance(guest.id(), guest.name(), "NO_VALID_HOST", why(report), Optional.of(report));
    }

    /** {@return why no host can take a guest, in words: what each lacks, and what would help} */
    public static String why(PlacementReport report) {
        return report.summary()
                + reasons(report)
                + report.advice().map(advice -> ". " + advice).orElse("");
    }

    private static String reasons(PlacementReport report) {
        return report.rejected().stream()
                .limit(SHOWN)
                .map(Planner::reason)
                .collect(Collectors.joining("; ", " (", report.rejected().size() > SHOWN ? "; …)" : ")"));
    }

    private static String reason(HostReport host) {
        return host.host()
                + ": "
                + host.rejection()
                        .map(result -> result.filter() + " " + result.verdict())
                        .orElse("");
    }

    private MigrationPlan plan(
            PlanKind kind,
            Optional<HostId> drained,
            String reason,
            MoveSettings settings,
            Fleet fleet,
            List<Routes.Leg> legs,
            List<UnmovableInstance> unmovable) {
        List<MovePrediction> predictions = new Forecast(settings, links).of(legs);
        Fleet after = fleet.copy();
        List<PlannedMove> moves = new ArrayList<>();
        for (int i = 0; i < legs.size(); i++) {
            Guest guest = legs.get(i).guest();
            moves.add(new PlannedMove(
                    i + 1,
                    legs.get(i).wave(),
                    guest.id(),
                    guest.name(),
                    guest.host(),
                    legs.get(i).target(),
                    guest.kind(),
                    predictions.get(i)));
            after.charge(legs.get(i).target(), guest);
            after.release(guest.host(), guest);
        }
        List<UnmovableInstance> stay = new ArrayList<>(unmovable);
        stay.sort(Comparator.comparing(UnmovableInstance::name)
                .thenComparing(left -> left.instance().toString()));
        return new MigrationPlan(
                kind,
                drained,
                reason,
                moves,
                stay,
                fleet.load(),
                after.load(),
                predictions.stream()
                        .map(MovePrediction::end)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO),
                settings);
    }
}
