package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.audit.Audit;
import io.gantry.driver.sim.SimCall;
import io.gantry.error.ComputeException;
import io.gantry.error.HypervisorError;
import io.gantry.host.AggregateSpec;
import io.gantry.host.AggregateUpdate;
import io.gantry.host.HostId;
import io.gantry.host.Zone;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.UnshelveSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.ProviderId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever is done to aggregates, while instances are moved, shelved and brought back on hosts that fail: each host is in
 * one zone, and each instance in the zone that it asked for.
 */
final class ZonesPropertyTest {
    private static final RequestOptions NONE = RequestOptions.none();
    private static final List<String> AGGREGATES = List.of("a", "b", "c", "d");
    private static final List<String> ZONES = List.of("zone-1", "zone-2", "default");
    private static final SimCall[] FAILING = {
        SimCall.CREATE,
        SimCall.START,
        SimCall.COPY_DISK,
        SimCall.CREATE_FROM_DISK,
        SimCall.PREPARE,
        SimCall.START_MIGRATION
    };

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void eachHostIsInOneZoneAndEachInstanceInTheOneThatItAskedFor(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        try (ScratchDirectory directory = new ScratchDirectory();
                SimEngine engine = SimEngine.open(directory.path(), 4)) {
            Compute compute = engine.compute();
            compute.aggregates()
                    .create(AggregateSpec.builder("a").zone("zone-1").build());
            compute.aggregates()
                    .create(AggregateSpec.builder("b").zone("zone-2").build());
            compute.aggregates().create(AggregateSpec.builder("c").build());
            compute.aggregates().addHost("a", host(1));
            compute.aggregates().addHost("b", host(2));
            List<Operation<?>> operations = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(4) == 0) {
                    engine.host(1 + random.nextInt(4))
                            .failNext(
                                    FAILING[random.nextInt(FAILING.length)],
                                    1,
                                    () -> new HypervisorError("h1", 1, 1, "a fault of the test", null));
                }
                step(engine, random).ifPresent(operations::add);
                if (random.nextBoolean()) {
                    operations.forEach(ZonesPropertyTest::end);
                    requireRules(compute, seed);
                }
            }
            operations.forEach(ZonesPropertyTest::end);
            requireRules(compute, seed);
            for (int n = 1; n <= 4; n++) {
                engine.host(n).clearFaults();
            }
            Audit audit = compute.audit();
            assertEquals(List.of(), audit.findings(), "seed " + seed);
        }
    }

    private static HostId host(int n) {
        return HostId.of("h" + n);
    }

    private static void requireRules(Compute compute, long seed) {
        List<Zone> zones = compute.zones().list();
        for (int n = 1; n <= 4; n++) {
            HostId host = host(n);
            Set<String> made = compute.aggregates().list().stream()
                    .filter(aggregate -> aggregate.hosts().contains(host))
                    .flatMap(aggregate -> aggregate.zone().stream())
                    .collect(Collectors.toSet());
            assertTrue(made.size() <= 1, host + " is in " + made + ", seed " + seed);
            List<String> listed = zones.stream()
                    .filter(zone -> zone.hosts().contains(host))
                    .map(Zone::name)
                    .toList();
            assertEquals(List.of(made.stream().findFirst().orElse("default")), listed, "seed " + seed);
        }
        for (Instance instance : compute.instances().list()) {
            Optional<String> zone = instance.host()
                    .map(host -> zones.stream()
                            .filter(candidate -> candidate.hosts().contains(host))
                            .findFirst()
                            .orElseThrow()
                            .name());
            assertEquals(zone, instance.zone(), "seed " + seed);
            zone.ifPresent(there ->
                    assertEquals(instance.requestedZone().orElse(there), there, instance.id() + ", seed " + seed));
        }
    }

    private static void end(Operation<?> operation) {
        try {
            operation.await(SimEngine.PATIENCE);
        } catch (ComputeException e) {
            assertTrue(operation.status().ended(), "it ended, if only by " + e.code());
        }
    }

    /** {@return the operation, if one was begun; what the rules or the state refuse is no fault} */
    private static Optional<Operation<?>> step(SimEngine engine, Random random) {
        Compute compute = engine.compute();
        try {
            switch (random.nextInt(14)) {
                case 0 -> compute.aggregates().addHost(one(AGGREGATES, random), host(1 + random.nextInt(4)));
                case 1 -> compute.aggregates().removeHost(one(AGGREGATES, random), host(1 + random.nextInt(4)));
                case 2 ->
                    compute.providers()
                            .setAggregates(
                                    ProviderId.of(host(1 + random.nextInt(4))),
                                    Set.copyOf(AGGREGATES.subList(random.nextInt(2), 2 + random.nextInt(2))));
                case 3 -> compute.aggregates().update(one(AGGREGATES, random), update(random));
                case 4 ->
                    compute.aggregates()
                            .create(AggregateSpec.builder("d").zone("zone-1").build());
                case 5 -> compute.aggregates().delete("d");
                case 6, 7, 8 -> {
                    return Optional.of(compute.instances()
                            .create(engine.spec("web").zone(one(ZONES, random)).build()));
                }
                default -> {
                    List<Instance> all = compute.instances().list();
                    if (!all.isEmpty()) {
                        return Optional.of(use(compute, one(all, random).id(), random));
                    }
                }
            }
        } catch (ComputeException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static AggregateUpdate update(Random random) {
        AggregateUpdate.Builder update = AggregateUpdate.builder().metadata("k", "v" + random.nextInt(3));
        return switch (random.nextInt(4)) {
            case 0 -> update.noZone().build();
            case 1 -> update.zone("zone-1").build();
            case 2 -> update.zone("zone-2").build();
            default -> update.name(one(AGGREGATES, random)).build();
        };
    }

    private static Operation<?> use(Compute compute, InstanceId id, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> compute.migrations().cold(id, Optional.empty(), NONE);
            case 1 -> compute.instances().confirmResize(id);
            case 2 -> compute.instances().revertResize(id);
            case 3 -> compute.migrations().live(id, LiveMigrationSpec.builder().build());
            case 4 -> compute.instances().shelve(id);
            case 5 -> compute.instances().unshelve(id, UnshelveSpec.anywhere());
            case 6 -> compute.instances().unshelve(id, UnshelveSpec.zone(one(ZONES, random)));
            default -> compute.instances().unshelve(id, UnshelveSpec.unpinned());
        };
    }

    private static <T> T one(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
