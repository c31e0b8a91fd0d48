package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.core.state.ClaimRow;
import io.gantry.driver.sim.SimCall;
import io.gantry.error.HypervisorError;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.UnshelveSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ResourceClass;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * A hundred creates at once, and moves at once after them, on a few hosts that fail: no CPU and no device is given twice at
 * any moment, no host is asked for what it cannot give, and at the end all is free.
 */
final class PinnedGuestsPropertyTest {
    private static final RequestOptions NONE = RequestOptions.none();
    private static final int HOSTS = 4;
    private static final List<String> FLAVORS =
            List.of(SimEngine.FLAVOR, "two", "isolated", "mixed", "cells", "huge", "nic", "plain");
    private static final SimCall[] FAILING = {
        SimCall.CREATE,
        SimCall.START,
        SimCall.COPY_DISK,
        SimCall.CREATE_FROM_DISK,
        SimCall.RESIZE,
        SimCall.PREPARE,
        SimCall.START_MIGRATION
    };

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void nothingIsGivenTwiceAtAnyMoment(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        try (ScratchDirectory directory = new ScratchDirectory();
                SimEngine engine = PinnedHosts.open(directory.path(), HOSTS, builder -> builder)) {
            flavors(engine);
            try (Watch watch = new Watch(engine)) {
                fail(engine, random);
                Crowd.atOnce(
                        100,
                        random,
                        some -> engine.compute()
                                .instances()
                                .create(engine.spec("web")
                                        .flavor(any(FLAVORS, some))
                                        .build()));
                List<InstanceId> all = engine.compute().instances().list().stream()
                        .map(Instance::id)
                        .toList();
                assertEquals(100, all.size());
                assertTrue(PinnedHosts.claims(engine).size() > HOSTS * 3, "hosts are full");
                for (int round = 0; round < 2; round++) {
                    fail(engine, random);
                    Crowd.atOnce(60, random, some -> use(engine.compute(), any(all, some), some));
                }
                watch.look();
                assertTrue(watch.looks() > 10, "it was watched: " + watch.looks());
                assertEquals(List.of(), watch.broken(), "seed " + seed);
            }
            for (int n = 1; n <= HOSTS; n++) {
                engine.host(n).clearFaults();
            }
            awaitClean(engine);
            PinnedHosts.requireAgreement(engine);
            engine.compute()
                    .instances()
                    .list()
                    .forEach(left -> Crowd.end(engine.compute().instances().forceDelete(left.id(), NONE)));
            SimEngine.await("nothing is left", () -> engine.rows("claim") == 0 && engine.rows("instance") == 0);
            for (int n = 1; n <= HOSTS; n++) {
                assertEquals(0, engine.host(n).layouts().size(), "seed " + seed);
                assertEquals(0, engine.host(n).layoutRefusals(), "seed " + seed);
            }
        }
    }

    private static void awaitClean(SimEngine engine) {
        try {
            SimEngine.await("all is clean", () -> engine.compute().audit().isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(engine.compute().audit().toString(), e);
        }
    }

    private static void flavors(SimEngine engine) {
        PinnedHosts.flavor(engine, "plain", 1);
        PinnedHosts.flavor(engine, "two", 2, "hw:cpu_policy", "dedicated");
        PinnedHosts.flavor(engine, "isolated", 1, "hw:cpu_policy", "dedicated", "hw:cpu_thread_policy", "isolate");
        PinnedHosts.flavor(engine, "mixed", 2, "hw:cpu_policy", "mixed", "hw:cpu_dedicated_mask", "0");
        PinnedHosts.flavor(engine, "cells", 2, "hw:cpu_policy", "dedicated", "hw:numa_nodes", "2");
        PinnedHosts.flavor(engine, "huge", 1, "hw:mem_page_size", "2MB");
        PinnedHosts.flavor(
                engine,
                "nic",
                1,
                "hw:cpu_policy",
                "dedicated",
                "pci_passthrough:alias",
                "nic:1",
                "hw:pci_numa_affinity_policy",
                "required");
    }

    private static <T> T any(List<T> some, Random random) {
        return some.get(random.nextInt(some.size()));
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

    private static Operation<?> use(Compute compute, InstanceId id, Random random) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> compute.migrations().cold(id, Optional.empty(), NONE);
            case 2 -> compute.instances().resize(id, any(FLAVORS, random));
            case 3 -> compute.instances().confirmResize(id);
            case 4 -> compute.instances().revertResize(id);
            case 5, 6 ->
                compute.migrations().live(id, LiveMigrationSpec.builder().build());
            case 7 -> compute.instances().shelve(id);
            case 8 -> compute.instances().delete(id);
            default -> compute.instances().unshelve(id, UnshelveSpec.anywhere());
        };
    }

    /** Looks again and again at one state of the store. */
    private static final class Watch implements AutoCloseable {
        private final SimEngine engine;
        private final List<String> broken = new CopyOnWriteArrayList<>();
        private final AtomicBoolean done = new AtomicBoolean();
        private final AtomicInteger looks = new AtomicInteger();
        private final Thread thread = new Thread(this::run, "watch");

        Watch(SimEngine engine) {
            this.engine = engine;
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

        /** Beside CPUs and devices: each host is charged for as many dedicated CPUs as guests have, idle siblings aside. */
        void look() {
            broken.addAll(PinnedHosts.doubled(engine));
            engine.change(state -> state.read(tx -> {
                for (int n = 1; n <= HOSTS; n++) {
                    HostId host = HostId.of("h" + n);
                    long pins = state.claims().find(tx, ClaimRow.PLACED_ON, host.value()).stream()
                            .flatMap(entry -> entry.value().placement().orElseThrow().cells().stream())
                            .mapToLong(cell -> cell.pins().size())
                            .sum();
                    long charged = state.providers()
                            .get(tx, ProviderId.of(host).value())
                            .orElseThrow()
                            .value()
                            .usedOf(ResourceClass.PCPU.name());
                    if (pins != charged) {
                        broken.add(host + " is charged " + charged + " for " + pins);
                    }
                }
                return null;
            }));
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
