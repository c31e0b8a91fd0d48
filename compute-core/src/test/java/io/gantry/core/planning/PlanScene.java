package io.gantry.core.planning;

import io.gantry.core.scheduler.HostOrder;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.identity.ProjectId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.MoveKind;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Hosts of one GiB-grained size, with guests on them, and the engine's default filters and weighers. */
final class PlanScene {
    static final long GIB = 1L << 30;

    private final Map<HostId, HostView> hosts = new TreeMap<>();
    private final List<Guest> guests = new ArrayList<>();

    static HostId h(int n) {
        return HostId.of("h" + n);
    }

    /** Adds a host with so many vCPUs, without over-commitment, and so many GiB. */
    PlanScene host(int n, int vcpus, long gib, String zone) {
        hosts.put(
                h(n),
                HostView.builder(
                                h(n),
                                new HostInventory(
                                        "h" + n,
                                        "x86_64",
                                        "sim",
                                        "1",
                                        vcpus,
                                        MemorySize.gib(gib),
                                        DiskSize.gib(1000),
                                        Set.of()))
                        .zone(zone)
                        .build());
        return this;
    }

    PlanScene host(int n, int vcpus, long gib) {
        return host(n, vcpus, gib, "default");
    }

    /** Adds a host of two cells with four CPUs and 32 GiB each, of which the first ones are dedicated. */
    PlanScene cells(int n, int dedicatedOfEach) {
        host(n, 8 - 2 * dedicatedOfEach, 64);
        List<HostCell> cells = new ArrayList<>();
        Set<Integer> dedicated = new HashSet<>();
        for (int id = 0; id < 2; id++) {
            List<Set<Integer>> cores = new ArrayList<>();
            for (int cpu = 4 * id; cpu < 4 * id + 4; cpu++) {
                cores.add(Set.of(cpu));
                if (cpu < 4 * id + dedicatedOfEach) {
                    dedicated.add(cpu);
                }
            }
            cells.add(new HostCell(id, id, cores, MemorySize.gib(32), 4, Map.of(), Set.of()));
        }
        HostTopology topology = new HostTopology(cells, List.of()).withDedicated(dedicated);
        hosts.computeIfPresent(
                h(n),
                (id, view) -> view.toBuilder()
                        .inventory(view.inventory().withTopology(topology))
                        .build());
        return this;
    }

    /** Adds a guest with dedicated CPUs only, if its host has so many. */
    Optional<Guest> pinned(int on, int vcpus) {
        int number = guests.size() + 1;
        Flavor flavor = Flavor.builder("f" + number)
                .vcpus(vcpus)
                .memory(MemorySize.gib(1))
                .extraSpec("hw:cpu_policy", "dedicated")
                .build();
        PlacementRequest request = PlacementRequest.builder(
                        InstanceId.of(new UUID(0, number).toString()), ProjectId.of("p"), flavor, image())
                .rootDisk(DiskSize.gib(1))
                .build();
        HostView view = fleet().view(h(on)).orElseThrow();
        return request.topologyNeed()
                .place(view.inventory().topology(), view.topologyUse(), view.ratios())
                .map(placement -> {
                    MemoryLoad load = new MemoryLoad(GIB, 0, 0, true);
                    Guest guest = new Guest("g" + number, h(on), request, MoveKind.LIVE, load, Optional.of(placement));
                    guests.add(guest);
                    charge(h(on), guest);
                    return guest;
                });
    }

    /** Adds a guest whose memory is idle. */
    Guest guest(int on, int vcpus, long gib, Optional<String> zone, MemoryLoad load) {
        int number = guests.size() + 1;
        Flavor flavor = Flavor.builder("f" + number)
                .vcpus(vcpus)
                .memory(MemorySize.gib(gib))
                .build();
        PlacementRequest request = PlacementRequest.builder(
                        InstanceId.of(new UUID(0, number).toString()), ProjectId.of("p"), flavor, image())
                .rootDisk(DiskSize.gib(1))
                .zone(zone)
                .build();
        Guest guest = new Guest("g" + number, h(on), request, MoveKind.LIVE, load);
        guests.add(guest);
        charge(h(on), guest);
        return guest;
    }

    Guest guest(int on, int vcpus, long gib) {
        return guest(on, vcpus, gib, Optional.empty(), new MemoryLoad(gib * GIB, 0, 0, true));
    }

    private void charge(HostId host, Guest guest) {
        Fleet fleet = fleet();
        fleet.charge(host, guest);
        fleet.views().forEach(view -> hosts.put(view.id(), view));
    }

    /** Disables a host. */
    void disable(int n) {
        Fleet fleet = fleet();
        fleet.disable(h(n), "maintenance");
        fleet.views().forEach(view -> hosts.put(view.id(), view));
    }

    List<Guest> guests() {
        return guests;
    }

    List<Guest> on(int n) {
        return guests.stream().filter(guest -> guest.host().equals(h(n))).toList();
    }

    Fleet fleet() {
        return new Fleet(hosts.values());
    }

    Collection<HostView> views() {
        return hosts.values();
    }

    static Placement placement() {
        return new Placement(
                new HostScheduler(
                        SchedulerDefaults.filters(),
                        SchedulerDefaults.weighers(),
                        new HostOrder(1, false, new Random(1))),
                (guest, host) -> Optional.empty());
    }

    static Planner planner() {
        return new Planner(placement(), Map.of());
    }

    private static Image image() {
        return new Image(
                ImageId.of(new UUID(0, 1).toString()),
                "i",
                DiskFormat.RAW,
                1,
                DiskSize.gib(1),
                "",
                MemorySize.ZERO,
                DiskSize.ZERO,
                Map.of(),
                Instant.EPOCH);
    }
}
