package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.Maintenance;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.PlanReport;
import io.gantry.migration.MigrationProgress;
import io.gantry.operation.Operation;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plans predict, and what then happens on simulated links. */
final class DrainForecastTest {
    private static final int HOSTS = 10;
    private static final int GUESTS = 100;
    private static final MoveSettings MOVES = MoveSettings.builder()
            .maxDowntime(Duration.ofMillis(100))
            .overhead(Duration.ZERO)
            .build();

    /** Guests of several sizes, working sets and rates, which the predicted time follows from. */
    @Test
    void drainingOneOfTenHostsTakesWhatThePlanPredicts(@TempDir Path directory) {
        try (SimEngine engine = SimEngine.open(directory, 0)) {
            register(engine, HOSTS, 16);
            List<Instance> guests = guests(engine, 1, GUESTS);
            Maintenance maintenance = engine.compute().maintenance();

            MigrationPlan plan =
                    maintenance.drain(HostId.of("n1"), DrainSpec.because("test").with(MOVES));
            long began = System.nanoTime();
            PlanReport report = maintenance.run(plan).await(Duration.ofMinutes(5));
            double took = (System.nanoTime() - began) / 1e9;

            assertEquals(GUESTS, plan.moves().size());
            assertTrue(report.isComplete(), report::toString);
            double predicted = plan.duration().toNanos() / 1e9;
            assertEquals(1, took / predicted, 0.15, () -> "predicted " + predicted + " s, took " + took + " s");
            guests.forEach(guest -> assertTrue(engine.fleet().verify(guest.id()).intact(), "no page is lost"));
            assertTrue(engine.compute().audit().isEmpty());
        }
    }

    /** What each move uses is read from the engine while both drains go on. */
    @Test
    void twoDrainsAtOnceKeepToTheLimitsTogetherAndSpareOneAnother(@TempDir Path directory) throws Exception {
        try (SimEngine engine = SimEngine.open(directory, 0)) {
            register(engine, 4, 64);
            List<Instance> guests = new ArrayList<>(guests(engine, 1, 12));
            guests.addAll(guests(engine, 2, 12));
            Maintenance maintenance = engine.compute().maintenance();
            DrainSpec spec = DrainSpec.because("test")
                    .with(MoveSettings.builder()
                            .perSource(4)
                            .perTarget(1)
                            .total(3)
                            .build());
            MigrationPlan one = maintenance.drain(HostId.of("n1"), spec);
            MigrationPlan other = maintenance.drain(HostId.of("n2"), spec);
            Limits limits = new Limits(engine);

            Operation<PlanReport> first = maintenance.run(one);
            Operation<PlanReport> second = maintenance.run(other);
            limits.watch(first, second);

            assertTrue(first.await(SimEngine.PATIENCE).isComplete());
            assertTrue(second.await(SimEngine.PATIENCE).isComplete());
            assertTrue(limits.most >= 1 && limits.most <= 3, () -> "at most " + limits.most + " at a time");
            assertEquals(Map.of(), limits.exceeded);
            for (Instance guest : guests) {
                String host = engine.get(guest).host().orElseThrow().value();
                assertTrue(host.equals("n3") || host.equals("n4"), "it is on " + host);
            }
        }
    }

    /** Looks again and again which migrations are under way. */
    private static final class Limits {
        private final SimEngine engine;
        private final Map<String, Long> exceeded = new HashMap<>();
        private int most;

        Limits(SimEngine engine) {
            this.engine = engine;
        }

        void watch(Operation<PlanReport> one, Operation<PlanReport> other) throws InterruptedException {
            while (!one.status().ended() || !other.status().ended()) {
                most = Math.max(most, engine.fleet().migrations());
                engine.compute().runningOperations().stream()
                        .filter(operation -> operation.verb().equals("live-migrate"))
                        .flatMap(operation -> operation.progress().detail().stream())
                        .map(detail -> ((MigrationProgress) detail).target().value())
                        .collect(Collectors.groupingBy(target -> target, Collectors.counting()))
                        .forEach((target, count) -> {
                            if (count > 1) {
                                exceeded.merge(target, count, Math::max);
                            }
                        });
                Thread.sleep(2);
            }
        }
    }

    private static void register(SimEngine engine, int hosts, int mib) {
        for (int n = 1; n <= hosts; n++) {
            engine.compute()
                    .hosts()
                    .register(SimEngine.host("n" + n, "vcpus=64&memory-mib=65536&disk-gib=1000&bandwidth-mib=" + mib));
        }
        for (int kind = 0; kind < 5; kind++) {
            engine.compute()
                    .flavors()
                    .create(Flavor.builder("kind" + kind)
                            .memory(MemorySize.mib(64))
                            .disk(DiskSize.gib(1))
                            .extraSpec("sim:resident_mib", Integer.toString(1 + kind))
                            .extraSpec("sim:working_set_mib", Integer.toString(1 + kind % 3))
                            .extraSpec("sim:dirty_rate_mib", Integer.toString(kind))
                            .build());
        }
    }

    private static List<Instance> guests(SimEngine engine, int host, int count) {
        List<Operation<Instance>> creates = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            creates.add(engine.compute()
                    .instances()
                    .create(engine.spec("g" + host + "-" + n)
                            .flavor("kind" + n % 5)
                            .host(HostId.of("n" + host))
                            .build()));
        }
        return creates.stream().map(create -> create.await(SimEngine.PATIENCE)).toList();
    }
}
