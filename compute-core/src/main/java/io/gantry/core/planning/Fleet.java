package io.gantry.core.planning;

import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.FleetLoad;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.TopologyNeed;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.TopologyUse;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The hosts as they will be, after moves that are planned. For one thread. */
public final class Fleet {
    private final Map<HostId, HostView> hosts = new TreeMap<>();
    private final Map<Place, GuestPlacement> planned = new HashMap<>();

    private record Place(HostId host, InstanceId guest) {}

    /** Creates a fleet of hosts as they are. */
    public Fleet(Collection<HostView> views) {
        views.forEach(view -> hosts.put(view.id(), view));
    }

    Fleet copy() {
        Fleet copy = new Fleet(hosts.values());
        copy.planned.putAll(planned);
        return copy;
    }

    List<HostView> views() {
        return List.copyOf(hosts.values());
    }

    Optional<HostView> view(HostId host) {
        return Optional.ofNullable(hosts.get(host));
    }

    /** {@return the hosts that instances can be moved to} */
    List<HostId> open() {
        return hosts.values().stream().filter(Fleet::isOpen).map(HostView::id).toList();
    }

    static boolean isOpen(HostView view) {
        return view.state() == HostState.UP && view.disabledReason().isEmpty();
    }

    /** The host takes nothing any more. */
    void disable(HostId host, String reason) {
        hosts.computeIfPresent(
                host,
                (id, view) -> view.disabledReason().isPresent()
                        ? view
                        : view.toBuilder().disabled(Optional.of(reason)).build());
    }

    /** A guest claims room on a host. */
    public void charge(HostId host, Guest guest) {
        change(host, guest.claim(), 1);
        TopologyNeed need = guest.request().topologyNeed();
        HostView view = hosts.get(host);
        if (need.isAny() && view != null) {
            need.place(view.inventory().topology(), view.topologyUse(), view.ratios())
                    .ifPresent(placement -> {
                        planned.put(new Place(host, guest.id()), placement);
                        use(view, view.topologyUse().plus(placement));
                    });
        }
    }

    /** A guest no longer claims room on a host. */
    void release(HostId host, Guest guest) {
        change(host, guest.claim(), -1);
        HostView view = hosts.get(host);
        Optional<GuestPlacement> placement = Optional.ofNullable(planned.remove(new Place(host, guest.id())))
                .or(() -> guest.placement().filter(has -> guest.host().equals(host)));
        if (view != null && placement.isPresent()) {
            use(view, view.topologyUse().minus(placement.get()));
        }
    }

    private void use(HostView view, TopologyUse use) {
        hosts.put(view.id(), view.toBuilder().topologyUse(use).build());
    }

    private void change(HostId host, HostUsage claim, int sign) {
        hosts.computeIfPresent(host, (id, view) -> {
            HostUsage used = view.usage();
            HostUsage after = new HostUsage(
                    Math.max(0, used.instances() + sign * claim.instances()),
                    Math.max(0, used.vcpus() + sign * claim.vcpus()),
                    new MemorySize(Math.max(
                            0, used.memory().bytes() + sign * claim.memory().bytes())),
                    new DiskSize(Math.max(
                            0, used.disk().bytes() + sign * claim.disk().bytes())));
            return view.toBuilder().usage(after).build();
        });
    }

    /** {@return the load of the hosts that instances can be moved to} */
    FleetLoad load() {
        Map<HostId, Double> loads = new TreeMap<>();
        hosts.values().stream().filter(Fleet::isOpen).forEach(view -> loads.put(view.id(), load(view)));
        return new FleetLoad(loads);
    }

    private static double load(HostView view) {
        double vcpus = view.inventory().vcpus() * view.ratios().vcpus();
        double memory = view.inventory().memory().bytes() * view.ratios().memory();
        return (share(view.usage().vcpus(), vcpus)
                        + share((double) view.usage().memory().bytes(), memory))
                / 2;
    }

    /** {@return by how much a guest raises the load of a host that has it} */
    double part(HostId host, Guest guest) {
        HostView view = hosts.get(host);
        return view == null ? 0 : load(view.toBuilder().usage(guest.claim()).build());
    }

    private static double share(double used, double capacity) {
        return capacity <= 0 ? 0 : used / capacity;
    }
}
