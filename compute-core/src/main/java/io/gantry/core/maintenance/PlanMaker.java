package io.gantry.core.maintenance;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.planning.Fleet;
import io.gantry.core.planning.Guest;
import io.gantry.core.planning.Planner;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.InstanceRow;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.RebalancePolicy;
import io.gantry.maintenance.UnmovableInstance;
import io.gantry.placement.PlacementReport;
import io.gantry.spi.driver.DriverCapability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes plans from what hosts and guests are like now. */
final class PlanMaker {
    private static final Logger LOG = LoggerFactory.getLogger(PlanMaker.class);

    private final Services services;
    private final HostScheduler scheduler;

    PlanMaker(Services services, HostScheduler scheduler) {
        this.services = services;
        this.scheduler = scheduler;
    }

    /**
     * Plans to empty a host.
     *
     * @param known instances that the plan leaves out
     */
    MigrationPlan drain(HostId host, DrainSpec spec, Set<InstanceId> known) {
        FleetSurvey survey = FleetSurvey.now(services, scheduler);
        if (survey.view(host).isEmpty()) {
            throw AccessControl.unknown(host.ref());
        }
        List<Guest> guests = new ArrayList<>();
        List<UnmovableInstance> stuck = new ArrayList<>();
        for (InstanceRow row : survey.instances()) {
            if (isThere(row, host) && !known.contains(row.instance().id())) {
                movable(survey, row, host, spec.moves(), stuck).ifPresent(guests::add);
            }
        }
        return planner(survey).drain(survey.fleet(), host, guests, stuck, spec);
    }

    MigrationPlan rebalance(RebalancePolicy policy) {
        FleetSurvey survey = FleetSurvey.now(services, scheduler);
        List<Guest> guests = new ArrayList<>();
        for (InstanceRow row : survey.instances()) {
            Optional<HostId> host = row.instance().host();
            boolean open = host.flatMap(survey::view)
                    .filter(view -> view.disabledReason().isEmpty())
                    .isPresent();
            if (open) {
                movable(survey, row, host.get(), policy.moves(), new ArrayList<>())
                        .ifPresent(guests::add);
            }
        }
        return planner(survey).rebalance(survey.fleet(), guests, policy);
    }

    /**
     * Looks for another target of a move.
     *
     * @param pending moves that have not begun, and so hold no claims yet
     * @return all hosts; the accepted ones first
     * @throws ComputeException if the instance's request is refused whatever the host
     */
    PlacementReport again(RunRequest.Move move, List<RunRequest.Move> pending, MoveSettings settings) {
        FleetSurvey survey = FleetSurvey.now(services, scheduler);
        Fleet fleet = survey.fleet();
        for (RunRequest.Move other : pending) {
            survey.instance(other.instance()).ifPresent(row -> {
                try {
                    fleet.charge(other.target(), survey.guest(row, other.source(), other.kind(), settings));
                } catch (ComputeException e) {
                    LOG.info(
                            "Instance {} will not be moved, and is charged nowhere: {}", other.instance(), e.problem());
                }
            });
        }
        return survey.instance(move.instance())
                .map(row -> planner(survey).again(fleet, survey.guest(row, move.source(), move.kind(), settings)))
                .orElseGet(() -> new PlacementReport(Optional.empty(), List.of()));
    }

    private static Planner planner(FleetSurvey survey) {
        return new Planner(survey.placement(), survey.links());
    }

    /** {@return whether an instance keeps a host from being empty} */
    static boolean isThere(InstanceRow row, HostId host) {
        Optional<HostId> here = Optional.of(host);
        return row.instance().host().equals(here)
                || row.moveTo().equals(here)
                || row.resized().map(InstanceRow.Resized::source).equals(here);
    }

    /**
     * {@return an instance as it would be moved; empty if it cannot be}
     *
     * @param stuck takes the reason
     */
    private static Optional<Guest> movable(
            FleetSurvey survey, InstanceRow row, HostId host, MoveSettings settings, List<UnmovableInstance> stuck) {
        Optional<UnmovableInstance> reason = stuck(survey, row, host);
        if (reason.isEmpty()) {
            try {
                return Optional.of(survey.guest(row, host, kind(row.instance()).orElseThrow(), settings));
            } catch (ComputeException e) {
                // Whatever the host: by a request filter, or since an alias is gone. Others can be moved.
                reason = because(row.instance(), "REFUSED", e.problem());
            }
        }
        reason.ifPresent(stuck::add);
        return Optional.empty();
    }

    private static Optional<MoveKind> kind(Instance instance) {
        return Optional.ofNullable(
                Map.of(VmState.ACTIVE, MoveKind.LIVE, VmState.PAUSED, MoveKind.LIVE, VmState.STOPPED, MoveKind.COLD)
                        .get(instance.state()));
    }

    /** {@return why an instance cannot be moved, whatever the target} */
    private static Optional<UnmovableInstance> stuck(FleetSurvey survey, InstanceRow row, HostId host) {
        Instance instance = row.instance();
        if (row.operation().isPresent()) {
            return because(
                    instance,
                    "BUSY",
                    "operation " + row.operation().get() + " is under way"
                            + instance.task().map(task -> " (" + task + ")").orElse(""));
        }
        if (row.resized().isPresent()) {
            return because(instance, "RESIZE_PENDING", "its resize or cold migration is to be confirmed or reverted");
        }
        if (row.moveTo().isPresent()) {
            return because(instance, "IN_DOUBT", "it is not known where a migration has left it");
        }
        Optional<MoveKind> kind = kind(instance);
        if (kind.isEmpty()) {
            return because(instance, "STATE", "it is " + instance.state() + "; needs ACTIVE, PAUSED or STOPPED");
        }
        if (survey.view(host).filter(view -> view.state() == HostState.UP).isEmpty()) {
            return because(instance, "HOST_DOWN", "its host does not answer; evacuate it");
        }
        DriverCapability needed =
                kind.get() == MoveKind.LIVE ? DriverCapability.LIVE_MIGRATION : DriverCapability.DISKS;
        return survey.can(host, needed)
                ? Optional.empty()
                : because(instance, "NOT_CAPABLE", "the driver of its host has no " + needed);
    }

    private static Optional<UnmovableInstance> because(Instance instance, String code, String reason) {
        return Optional.of(new UnmovableInstance(instance.id(), instance.name(), code, reason, Optional.empty()));
    }
}
