package io.gantry.jmh.scheduler;

import io.gantry.core.aggregate.HostZones;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.placement.BuildFailures;
import io.gantry.core.placement.CandidateFeed;
import io.gantry.core.placement.Ledger;
import io.gantry.core.placement.Need;
import io.gantry.core.placement.Placer;
import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.scheduler.Exclusion;
import io.gantry.core.scheduler.HostOrder;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.driver.sim.SimDriver;
import io.gantry.flavor.Flavor;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostSpec;
import io.gantry.host.HostState;
import io.gantry.identity.ProjectId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The part of an engine that places instances, with its ledger in memory, on simulated hosts of three sizes, with
 * as many instances on them all along. For one thread.
 */
final class PlacementRig implements AutoCloseable {
    private static final int SEED = 20_26;

    /** In use on each host, on average. */
    private static final int INSTANCES = 8;

    /** In use in all; filling a fleet by claims takes its time. */
    private static final int MOST_INSTANCES = 100_000;

    private static final OperationId OPERATION = OperationId.random();
    private static final AllocationRatios RATIOS = new AllocationRatios(4.0, 1.0, 1.0);

    /** vCPUs, GiB of memory, GiB of disk: as public clouds offer them. */
    private static final int[][] FLAVORS = {
        {1, 2, 20}, {2, 4, 40}, {4, 8, 80}, {8, 16, 160}, {2, 16, 40}, {4, 32, 80}, {8, 64, 160}, {16, 32, 320}
    };

    private static final int[][] SIZES = {{32, 256, 4_000}, {64, 512, 8_000}, {96, 768, 12_000}};

    private final HostRegistry registry = new HostRegistry(Map.of("sim", SimDriver.create()));
    private final State state = new State(InMemoryStore.create(), new Random(SEED));
    private final HostZones zones = new HostZones(state, "default");
    private final Ledger ledger = new Ledger(state, zones);
    private final CandidateIndex index = new CandidateIndex();
    private final Placer placer;
    private final List<Flavor> flavors;
    private final Image image;
    private final Random random = new Random(SEED);
    private final Queue<InstanceId> placed = new ArrayDeque<>();
    private final int usual;
    private long numbers;

    PlacementRig(int hosts) {
        List<HostId> ids = IntStream.range(0, hosts)
                .mapToObj(i -> HostId.of(String.format("host-%06d", i)))
                .toList();
        state.change(tx -> ids.forEach(id -> {
            HostInventory inventory = inventory(id);
            state.hosts()
                    .insert(
                            tx,
                            new HostRow(
                                    id,
                                    "sim",
                                    URI.create("sim://" + id),
                                    Map.of(),
                                    Optional.empty(),
                                    inventory,
                                    RATIOS,
                                    Optional.empty()));
            ledger.registerHost(tx, id, inventory, RATIOS);
        }));
        flavors = IntStream.range(0, FLAVORS.length)
                .mapToObj(i -> Flavor.builder("flavor-" + i)
                        .vcpus(FLAVORS[i][0])
                        .memory(MemorySize.gib(FLAVORS[i][1]))
                        .disk(DiskSize.gib(FLAVORS[i][2]))
                        .build())
                .toList();
        image = new Image(
                ImageId.random(),
                "image",
                DiskFormat.QCOW2,
                1L << 30,
                DiskSize.gib(10),
                "0".repeat(64),
                MemorySize.ZERO,
                DiskSize.ZERO,
                Map.of(Image.ARCHITECTURE, "x86_64"),
                Instant.EPOCH);
        usual = Math.min(INSTANCES * hosts, MOST_INSTANCES);
        state.change(tx -> IntStream.range(0, usual).forEach(i -> {
            PlacementRequest request = request();
            ledger.claim(tx, Need.instance(request.instance()), ids.get(i % hosts), Need.of(request));
            placed.add(request.instance());
        }));
        ids.forEach(id -> registry.connect(
                        HostSpec.builder(id.value())
                                .driver("sim")
                                .connection("sim://" + id)
                                .build(),
                        new Deaf())
                .register());
        CandidateFeed feed = new CandidateFeed(
                state, zones, registry, index, new BuildFailures(Clock.systemUTC(), Duration.ofMinutes(10)), Set.of());
        feed.compare();
        HostScheduler scheduler =
                new HostScheduler(SchedulerDefaults.filters(), SchedulerDefaults.weighers(), HostOrder.bestFirst());
        placer = new Placer(state, ledger, zones, registry, scheduler, feed, List.of(), Map.of(), 5);
    }

    private HostInventory inventory(HostId id) {
        int[] size = SIZES[random.nextInt(SIZES.length)];
        return new HostInventory(
                id.value(), "x86_64", "sim", "1.0", size[0], MemorySize.gib(size[1]), DiskSize.gib(size[2]), Set.of());
    }

    /** {@return what is to be placed next} */
    PlacementRequest request() {
        return PlacementRequest.builder(
                        new InstanceId(new UUID(SEED, numbers++)),
                        ProjectId.of("project"),
                        flavors.get(random.nextInt(flavors.size())),
                        image)
                .build();
    }

    /** Decides where an instance goes, and claims room there; the decision is kept with its reasons. */
    HostId place() {
        PlacementRequest request = request();
        HostId host = placer.claim(
                placer.rank(request, Optional.empty(), Exclusion.NONE),
                Placer.Claim.of(state, request.instance(), OPERATION, (tx, chosen) -> {}));
        placed.add(request.instance());
        return host;
    }

    /** Releases what has held room the longest, so that the usual number holds room. */
    void makeRoom() {
        while (placed.size() >= usual) {
            InstanceId oldest = placed.remove();
            state.change(tx -> {
                ledger.releaseAll(tx, Need.instance(oldest));
                state.placements().remove(tx, oldest.toString());
            });
        }
    }

    /** Decides only. */
    Object decide() {
        return placer.rank(request(), Optional.empty(), Exclusion.NONE);
    }

    /** {@return the hosts as they are now} */
    List<HostView> views() {
        return index.views();
    }

    @Override
    public void close() {
        registry.close();
    }

    /** Hears nothing: nothing happens on these hosts. */
    private static final class Deaf implements HostRegistry.Observer {
        @Override
        public void onGuestEvent(HostId host, GuestEvent event) {}

        @Override
        public void onHostState(HostId host, HostState state, String reason) {}
    }
}
