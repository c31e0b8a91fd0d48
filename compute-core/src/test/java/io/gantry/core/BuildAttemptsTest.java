package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.operation.Operation;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.scheduler.filters.IoOpsFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many hosts a create tries that fail it, and what later creates make of such hosts and of busy ones. */
final class BuildAttemptsTest {
    @TempDir
    Path directory;

    private int attempts(int hosts, UnaryOperator<ComputeEngineBuilder> settings) {
        AtomicInteger attempts = new AtomicInteger();
        try (SimEngine engine = SimEngine.open(directory, hosts, settings)) {
            for (int n = 1; n <= hosts; n++) {
                engine.host(n).failNext(SimCall.CREATE, hosts, () -> {
                    attempts.incrementAndGet();
                    return new HypervisorError("h", 1, 1, "no room", null);
                });
            }

            SimEngine.failure(HypervisorError.class, engine.create("web"));

            for (int n = 1; n <= hosts; n++) {
                assertEquals(0, engine.claimedInstances(n));
            }
        }
        return attempts.get();
    }

    @Test
    void threeHostsAreTriedIfNobodySaysOtherwise() {
        assertEquals(3, attempts(5, builder -> builder));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void asManyHostsAreTriedAsTheEngineIsTold(int most) {
        assertEquals(most, attempts(5, builder -> builder.maxAttempts(most)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void oneHostHasToBeTried(int most) {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> ComputeEngine.builder().maxAttempts(most));

        assertEquals("engine.maxAttempts", refused.field());
        assertEquals(Integer.toString(most), refused.value());
    }

    @Test
    void aHostThatFailedABuildIsLeftToTheLastUntilOneSucceeds() {
        try (SimEngine engine = SimEngine.open(directory, 2)) {
            engine.host(1).failNext(SimCall.CREATE, 1, () -> new HypervisorError("h1", 1, 1, "no room", null));

            assertEquals(Optional.of(HostId.of("h2")), engine.created("first").host());
            assertEquals(Optional.of(HostId.of("h2")), engine.created("second").host());
            engine.createdOn(1, "third");

            assertEquals(Optional.of(HostId.of("h1")), engine.created("fourth").host());
        }
    }

    @Test
    void anInstanceThatAsksForAHostFailsWithItAndTheHostIsRemembered() {
        try (SimEngine engine = SimEngine.open(directory, 2)) {
            engine.host(1).failNext(SimCall.CREATE, 1, () -> new HypervisorError("h1", 1, 1, "no room", null));

            SimEngine.failure(
                    HypervisorError.class,
                    engine.compute()
                            .instances()
                            .create(engine.spec("web").host(HostId.of("h1")).build()));

            assertEquals(Optional.of(HostId.of("h2")), engine.created("next").host());
        }
    }

    @Test
    void aHostIsBusyWhileSomethingIsBuiltThere() throws InterruptedException {
        List<IoOpsFilter> one = List.of(new IoOpsFilter(1));
        try (SimEngine engine = SimEngine.open(directory, 1, builder -> builder.filters(one))) {
            SimHold creating = engine.host(1).holdNext(SimCall.CREATE);
            Operation<Instance> first = engine.create("first");
            assertTrue(creating.awaitCall(SimEngine.PATIENCE));

            PlacementReport asked =
                    engine.compute().instances().explain(engine.spec("second").build());
            NoValidHost refused = SimEngine.failure(NoValidHost.class, engine.create("second"));

            assertEquals("IO_OPS", code(asked));
            assertEquals("IO_OPS", code(refused.report()));
            creating.release();
            first.await(SimEngine.PATIENCE);
            engine.created("third");
        }
    }

    private static String code(PlacementReport report) {
        return report.rejected().get(0).rejection().orElseThrow().verdict().code();
    }
}
