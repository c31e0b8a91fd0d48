package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.core.placement.Need;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.driver.sim.SimCall;
import io.gantry.error.HypervisorError;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.instance.UnshelveSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.quota.QuotaResource;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.servergroup.ServerGroupSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * A hundred creates at once, and moves at once after them, on hosts that fail: no hard policy is broken at any moment. Who
 * watches reckons from instances and from who holds claims, not from the slots, and compares the slots with that.
 */
final class ServerGroupsPropertyTest {
    private static final RequestOptions NONE = RequestOptions.none();
    private static final int HOSTS = 5;
    private static final int MAX_PER_HOST = 2;
    private static final SimCall[] FAILING = {
        SimCall.CREATE,
        SimCall.START,
        SimCall.COPY_DISK,
        SimCall.CREATE_FROM_DISK,
        SimCall.PREPARE,
        SimCall.START_MIGRATION
    };

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void noHardPolicyIsBrokenAtAnyMoment(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Map<QuotaResource, Long> quotas = Map.of(
                QuotaResource.INSTANCES, 200L,
                QuotaResource.CORES, -1L,
                QuotaResource.RAM, -1L,
                QuotaResource.SERVER_GROUP_MEMBERS, 200L);
        try (ScratchDirectory directory = new ScratchDirectory();
                SimEngine engine = SimEngine.open(directory.path(), HOSTS, builder -> builder.quotas(quotas))) {
            List<ServerGroupId> groups = List.of(
                    group(engine, ServerGroupPolicy.ANTI_AFFINITY, 1),
                    group(engine, ServerGroupPolicy.ANTI_AFFINITY, MAX_PER_HOST),
                    group(engine, ServerGroupPolicy.AFFINITY, 1),
                    group(engine, ServerGroupPolicy.AFFINITY, 1),
                    group(engine, ServerGroupPolicy.SOFT_ANTI_AFFINITY, 1));
            try (Watch watch = new Watch(engine, groups)) {
                fail(engine, random);
                Crowd.atOnce(
                        100,
                        random,
                        some -> engine.compute()
                                .instances()
                                .create(engine.spec("web")
                                        .group(groups.get(some.nextInt(groups.size())))
                                        .build()));
                List<InstanceId> members = engine.compute().instances().list().stream()
                        .map(Instance::id)
                        .toList();
                assertEquals(100, members.size());
                for (int round = 0; round < 2; round++) {
                    fail(engine, random);
                    Crowd.atOnce(
                            60, random, some -> use(engine.compute(), members.get(some.nextInt(members.size())), some));
                }
                assertTrue(watch.looks() > 10, "it was watched: " + watch.looks());
                watch.look();
                assertEquals(List.of(), watch.broken(), "seed " + seed);
            }
            mend(engine);
            requireGuestsApart(engine, groups.get(0), seed);
            assertEquals(List.of(), engine.compute().audit().findings(), "seed " + seed);
            engine.compute()
                    .instances()
                    .list()
                    .forEach(left -> Crowd.end(engine.compute().instances().forceDelete(left.id(), NONE)));
            SimEngine.await("nothing is left", () -> engine.rows("claim") == 0 && engine.rows("instance") == 0);
            groups.forEach(group -> assertEquals(
                    List.of(), engine.compute().serverGroups().get(group).members()));
        }
    }

    private static ServerGroupId group(SimEngine engine, ServerGroupPolicy policy, int max) {
        ServerGroupSpec.Builder spec = ServerGroupSpec.builder("group", policy);
        if (policy == ServerGroupPolicy.ANTI_AFFINITY) {
            spec.maxServerPerHost(max);
        }
        return engine.compute().serverGroups().create(spec.build()).id();
    }

    private static void fail(SimEngine engine, Random random) {
        for (int n = 1; n <= HOSTS; n++) {
            engine.host(n)
                    .failNext(
                            FAILING[random.nextInt(FAILING.length)],
                            1 + random.nextInt(4),
                            () -> new HypervisorError("h1", 1, 1, "a fault of the test", null));
        }
    }

    private static void mend(SimEngine engine) {
        for (int n = 1; n <= HOSTS; n++) {
            engine.host(n).clearFaults();
        }
        // Guests that a failed call left are looked at, and claims follow.
        SimEngine.await("all is clean", () -> engine.compute().audit().isEmpty());
    }

    private static Operation<?> use(Compute compute, InstanceId id, Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> compute.migrations().cold(id, Optional.empty(), NONE);
            case 1 -> compute.instances().confirmResize(id);
            case 2 -> compute.instances().revertResize(id);
            case 3, 4 ->
                compute.migrations().live(id, LiveMigrationSpec.builder().build());
            case 5 -> compute.instances().shelve(id);
            default -> compute.instances().unshelve(id, UnshelveSpec.anywhere());
        };
    }

    /** By what hypervisors say: no two guests of a group with anti-affinity are on one host. */
    private static void requireGuestsApart(SimEngine engine, ServerGroupId group, long seed) {
        Set<InstanceId> members =
                Set.copyOf(engine.compute().serverGroups().get(group).members());
        for (int n = 1; n <= HOSTS; n++) {
            List<InstanceId> there = engine.host(n).guests().stream()
                    .map(GuestState::id)
                    .filter(members::contains)
                    .toList();
            assertTrue(there.size() <= 1, "h" + n + " has " + there + ", seed " + seed);
        }
    }

    /** Looks again and again at one state of the store. */
    private static final class Watch implements AutoCloseable {
        private final SimEngine engine;
        private final List<ServerGroupId> groups;
        private final List<String> broken = new CopyOnWriteArrayList<>();
        private final AtomicBoolean done = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "watch");
        private final AtomicInteger looks = new AtomicInteger();

        Watch(SimEngine engine, List<ServerGroupId> groups) {
            this.engine = engine;
            this.groups = groups;
            thread.start();
        }

        int looks() {
            return looks.get();
        }

        List<String> broken() {
            return broken;
        }

        private void run() {
            while (!done.get()) {
                look();
                looks.incrementAndGet();
            }
        }

        void look() {
            engine.change(state -> state.read(tx -> {
                Map<ServerGroupId, Map<HostId, Set<InstanceId>>> taken = new HashMap<>();
                for (Table.Entry<InstanceRow> entry : state.instances().all(tx)) {
                    InstanceRow row = entry.value();
                    row.instance()
                            .group()
                            .ifPresent(group -> hosts(state, tx, row)
                                    .forEach(host -> taken.computeIfAbsent(group, id -> new HashMap<>())
                                            .computeIfAbsent(host, id -> new HashSet<>())
                                            .add(row.instance().id())));
                }
                for (ServerGroupId group : groups) {
                    judge(group, taken.getOrDefault(group, Map.of()), slots(state, tx, group));
                }
                return null;
            }));
        }

        /** {@return where an instance, or a move of it, holds a claim} */
        private static Set<HostId> hosts(State state, Transaction tx, InstanceRow row) {
            List<String> consumers =
                    new ArrayList<>(List.of(Need.instance(row.instance().id())));
            row.operation().ifPresent(operation -> consumers.add(Need.migration(operation)));
            row.resized().ifPresent(resized -> consumers.add(Need.migration(resized.operation())));
            Set<HostId> hosts = new HashSet<>();
            for (String consumer : consumers) {
                state.claims()
                        .find(tx, "consumer", consumer)
                        .forEach(claim -> hosts.add(claim.value().host()));
            }
            return hosts;
        }

        private static Map<HostId, Set<InstanceId>> slots(State state, Transaction tx, ServerGroupId group) {
            Map<HostId, Set<InstanceId>> slots = new HashMap<>();
            state.claims().find(tx, ClaimRow.GROUP, group.toString()).stream()
                    .map(Table.Entry::value)
                    .forEach(claim -> slots.computeIfAbsent(claim.host(), host -> new HashSet<>())
                            .add(claim.slot().orElseThrow().member()));
            return slots;
        }

        private void judge(
                ServerGroupId group, Map<HostId, Set<InstanceId>> taken, Map<HostId, Set<InstanceId>> slots) {
            if (!taken.equals(slots)) {
                broken.add("slots of " + groups.indexOf(group) + " say " + slots + ", claims say " + taken);
            }
            int most = groups.indexOf(group) == 1 ? MAX_PER_HOST : 1;
            Set<InstanceId> all = new HashSet<>();
            taken.values().forEach(all::addAll);
            boolean isBroken = switch (groups.indexOf(group)) {
                case 0, 1 -> taken.values().stream().anyMatch(there -> there.size() > most);
                case 2, 3 -> all.size() > 1 && taken.size() > 1;
                default -> false;
            };
            if (isBroken) {
                broken.add("group " + groups.indexOf(group) + " is on " + taken);
            }
        }

        @Override
        public void close() {
            done.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
