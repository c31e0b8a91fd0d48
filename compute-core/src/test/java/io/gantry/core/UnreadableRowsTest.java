package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.UnexpectedFailure;
import io.gantry.host.HostState;
import io.gantry.instance.Instance;
import io.gantry.instance.PowerState;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One record that nobody can read, such as that of a later version, stops nothing but what is about itself. */
final class UnreadableRowsTest {
    private SimEngine engine;
    private Instance bad;
    private Instance good;

    @BeforeEach
    void open(@TempDir Path directory) {
        engine = SimEngine.open(directory, 2, builder -> builder.shutdownTimeout(Duration.ofMillis(200)));
        bad = engine.createdOn(1, "bad");
        good = engine.createdOn(1, "good");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void theOtherInstancesAreListedAndWorkedOn() {
        engine.spoil("instance", bad.id().toString());

        assertEquals(
                List.of(good.id()),
                engine.compute().instances().list().stream().map(Instance::id).toList());
        UnexpectedFailure failure = assertThrows(UnexpectedFailure.class, () -> engine.get(bad));
        assertTrue(failure.getMessage().contains(bad.id().toString()), failure.getMessage());
        assertFalse(failure.getMessage().contains("{spoiled"), "what is stored may be secret");
        assertEquals(
                VmState.STOPPED,
                engine.compute()
                        .instances()
                        .stop(good.id(), StopOptions.hard())
                        .await(SimEngine.PATIENCE)
                        .state());
    }

    @Test
    void guestsOfTheOthersAreFollowed() {
        engine.spoil("instance", bad.id().toString());
        engine.host(1).guest(good.id()).crash();
        SimEngine.await("the crash is seen", () -> engine.get(good).power() == PowerState.CRASHED);
        assertEquals(PowerState.RUNNING, engine.host(1).guest(bad.id()).power(), "its guest is left alone");
    }

    @Test
    void nothingIsTakenForAStrangersThing() {
        engine.spoil("instance", bad.id().toString());
        // It cannot be told whose its guest, disk and claims are: better no audit than one that repairs them away.
        UnexpectedFailure failure =
                assertThrows(UnexpectedFailure.class, () -> engine.compute().repair());
        assertTrue(failure.getMessage().contains(bad.id().toString()), failure.getMessage());
        assertEquals(PowerState.RUNNING, engine.host(1).guest(bad.id()).power());
    }

    @Test
    void theNextEngineStartsAndCarriesTheOtherOperationsOn() {
        List<SimHold> holds = List.of(
                engine.host(1).holdNext(SimCall.POWER_OFF), engine.host(1).holdNext(SimCall.POWER_OFF));
        Operation<Instance> lost = stop(bad);
        Operation<Instance> kept = stop(good);
        engine.leave();
        holds.forEach(SimHold::release);
        engine.spoil("operation", lost.id().toString());
        engine.spoil("host", "h2");

        try (SimEngine next = engine.another(builder -> builder)) {
            SimEngine.await(
                    "the other one ends",
                    () -> next.compute().operation(kept.id()).status().ended());
            assertEquals(VmState.STOPPED, next.get(good).state());
            assertEquals(
                    HostState.UP, next.compute().hosts().get(VerbTestBase.h(1)).state());
            assertEquals(List.of(), next.compute().runningOperations());
            assertEquals(
                    Optional.of(VerbTestBase.h(1)),
                    next.created("more").host(),
                    "the host that can be read takes more");
        }
    }

    private Operation<Instance> stop(Instance instance) {
        return engine.compute().instances().stop(instance.id(), StopOptions.hard(), RequestOptions.none());
    }
}
