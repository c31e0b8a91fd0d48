package io.gantry.core.maintenance;

import io.gantry.core.lifecycle.Services;
import io.gantry.core.migration.TargetChecks;
import io.gantry.core.placement.Need;
import io.gantry.core.planning.Fleet;
import io.gantry.core.planning.Guest;
import io.gantry.core.planning.MemoryLoad;
import io.gantry.core.planning.Placement;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.OperationRow;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MoveSettings;
import io.gantry.migration.MigrationReport;
import io.gantry.migration.MigrationStatistics;
import io.gantry.operation.OperationStatus;
import io.gantry.placement.FilterResult;
import io.gantry.placement.Verdict;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestPlacement;
import io.gantry.unit.Bandwidth;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of hosts and guests at one moment, as far as plans are made from it. For one thread. */
final class FleetSurvey {
    private static final Logger LOG = LoggerFactory.getLogger(FleetSurvey.class);

    private final Services services;
    private final HostScheduler scheduler;
    private final TargetChecks checks;
    private final Map<HostId, HostRow> hosts;
    private final List<HostView> views;
    private final Map<InstanceId, InstanceRow> rows;
    private final Set<String> unclean;
    private final Map<String, GuestPlacement> placed = new HashMap<>();
    private final Map<InstanceId, Optional<MigrationOffer>> offers = new HashMap<>();

    private FleetSurvey(Services services, HostScheduler scheduler, Transaction tx) {
        this.services = services;
        this.scheduler = scheduler;
        this.checks = new TargetChecks(services.hosts());
        this.hosts = services.state().hosts().readable(tx).stream()
                .collect(Collectors.toMap(HostRow::id, Function.identity()));
        this.views = services.ledger().views(tx, services.hosts()::state);
        this.rows = services.state().instances().readable(tx).stream()
                .collect(Collectors.toMap(row -> row.instance().id(), Function.identity()));
        this.unclean = services.state().leftovers().readable(tx).stream()
                .map(left -> left.instance() + "@" + left.host())
                .collect(Collectors.toCollection(HashSet::new));
        services.state()
                .claims()
                .findReadable(tx, ClaimRow.PLACED, ClaimRow.YES)
                .forEach(claim -> claim.placement().ifPresent(placement -> placed.put(claim.key(), placement)));
    }

    static FleetSurvey now(Services services, HostScheduler scheduler) {
        return services.state().read(tx -> new FleetSurvey(services, scheduler, tx));
    }

    Fleet fleet() {
        return new Fleet(views);
    }

    Optional<HostView> view(HostId host) {
        return views.stream().filter(view -> view.id().equals(host)).findFirst();
    }

    /** {@return all instances, by name and id} */
    List<InstanceRow> instances() {
        return rows.values().stream()
                .sorted(Comparator.<InstanceRow, String>comparing(
                                row -> row.instance().name())
                        .thenComparing(row -> row.instance().id().toString()))
                .toList();
    }

    Optional<InstanceRow> instance(InstanceId id) {
        return Optional.ofNullable(rows.get(id));
    }

    Placement placement() {
        return new Placement(scheduler, this::answer);
    }

    /** {@return the links of the hosts whose drivers tell} */
    Map<HostId, Bandwidth> links() {
        Map<HostId, Bandwidth> links = new HashMap<>();
        for (HostId host : hosts.keySet()) {
            connection(host)
                    .flatMap(HostConnection::migrationBandwidth)
                    .filter(rate -> rate.bytesPerSecond() > 0)
                    .ifPresent(rate -> links.put(host, rate));
        }
        return links;
    }

    boolean can(HostId host, DriverCapability capability) {
        return view(host)
                .filter(view -> view.inventory().capabilities().contains(capability.name()))
                .isPresent();
    }

    Guest guest(InstanceRow row, HostId host, MoveKind kind, MoveSettings settings) {
        MemoryLoad load = kind == MoveKind.LIVE
                ? memory(row, host, settings)
                : new MemoryLoad(isShared(host) ? 0 : row.rootDisk().bytes(), 0, 0, false);
        return new Guest(
                row.instance().name(), host, services.placer().seen(row.placement()), kind, load, placement(row, host));
    }

    private Optional<GuestPlacement> placement(InstanceRow row, HostId host) {
        String key = ClaimRow.keyOnHost(Need.instance(row.instance().id()), host);
        return Optional.ofNullable(placed.get(key));
    }

    /** {@return whether another host has the same storage, so that disks are not carried there} */
    private boolean isShared(HostId host) {
        return storage(host)
                .filter(storage -> hosts.keySet().stream()
                        .anyMatch(other -> !other.equals(host) && storage(other).equals(Optional.of(storage))))
                .isPresent();
    }

    private Optional<String> storage(HostId host) {
        return Optional.ofNullable(hosts.get(host)).flatMap(HostRow::storageId);
    }

    private MemoryLoad memory(InstanceRow row, HostId host, MoveSettings settings) {
        long all = row.instance().flavor().memory().bytes();
        InstanceId id = row.instance().id();
        return told(host, id)
                .or(() -> earlier(id, all))
                .orElseGet(
                        () -> new MemoryLoad(all, (double) settings.dirtyRate().bytesPerSecond(), 0, false));
    }

    private Optional<MemoryLoad> told(HostId host, InstanceId id) {
        try {
            return connection(host)
                    .flatMap(there -> there.memoryActivity(id))
                    .map(activity -> new MemoryLoad(
                            activity.resident().bytes(),
                            (double) activity.dirtyRate().bytesPerSecond(),
                            activity.workingSet().bytes(),
                            true));
        } catch (ComputeException e) {
            LOG.info("How instance {} uses its memory is assumed: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** What the instance's last migration measured, as long as the journal has it. */
    private Optional<MemoryLoad> earlier(InstanceId id, long all) {
        return services
                .state()
                .read(tx -> services.state().operations().findReadable(tx, "resource", "instance:" + id))
                .stream()
                .filter(row -> row.status() == OperationStatus.SUCCEEDED)
                .filter(row -> row.verb().equals("live-migrate"))
                .max(Comparator.comparing(OperationRow::updatedAt))
                .flatMap(OperationRow::result)
                .map(text -> services.state()
                        .json()
                        .read(text, MigrationReport.class)
                        .statistics())
                .filter(statistics -> statistics.memoryTotal() > 0)
                .map(statistics -> load(statistics, all));
    }

    private static MemoryLoad load(MigrationStatistics statistics, long all) {
        return new MemoryLoad(
                Math.min(all, statistics.memoryTotal()),
                (double) statistics.dirtyRate().bytesPerSecond(),
                0,
                true);
    }

    private Optional<HostConnection> connection(HostId host) {
        return services.hosts().isConnected(host) ? Optional.of(services.hosts().connection(host)) : Optional.empty();
    }

    /** What only the target itself, or its storage, can tell; what the move itself would fail with. */
    private Optional<FilterResult> answer(Guest guest, HostId target) {
        HostId source =
                instance(guest.id()).flatMap(row -> row.instance().host()).orElse(guest.host());
        if (target.equals(source)) {
            return Optional.empty();
        }
        if (unclean.contains(guest.id() + "@" + target)) {
            return Optional.of(rejected("OLD_GUEST", "a clean host", "an old guest of the instance"));
        }
        if (guest.kind() == MoveKind.COLD) {
            return coldAnswer(source, target);
        }
        if (!guest.request().devices().isEmpty()) {
            return Optional.of(rejected(
                    "PCI_DEVICES", "a guest without PCI devices, or one that is off", "devices that cannot go along"));
        }
        return offer(guest, source)
                .map(offer -> checks.refused(target, offer))
                .orElseGet(() -> Optional.of(
                        rejected("NO_OFFER", "an offer of the guest from its host", "no answer from host " + source)));
    }

    private Optional<FilterResult> coldAnswer(HostId source, HostId target) {
        if (!can(target, DriverCapability.DISKS)) {
            return Optional.of(rejected("NOT_CAPABLE", DriverCapability.DISKS.name(), "a driver without it"));
        }
        String from = hypervisor(source);
        String to = hypervisor(target);
        return from.equals(to) ? Optional.empty() : Optional.of(rejected("OTHER_HYPERVISOR", from, to));
    }

    private String hypervisor(HostId host) {
        return view(host).map(view -> view.inventory().hypervisorType()).orElse("none");
    }

    private Optional<MigrationOffer> offer(Guest guest, HostId source) {
        return offers.computeIfAbsent(guest.id(), id -> {
            try {
                return connection(source)
                        .flatMap(HostConnection::migrationSource)
                        .map(there -> there.offer(id));
            } catch (ComputeException e) {
                LOG.info("Host {} offers no guest {}: {}", source, id, e.getMessage());
                return Optional.empty();
            }
        });
    }

    private static FilterResult rejected(String code, String needed, String has) {
        return new FilterResult("MovePreCheck", Verdict.reject(code, needed, has));
    }
}
