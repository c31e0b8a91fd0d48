package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.error.ComputeException;
import io.gantry.error.HypervisorError;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.UnshelveSpec;
import io.gantry.migration.EvacuationSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.placement.ResourceClass;
import io.gantry.spi.fence.FencingProof;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Guests with CPUs of their own have some wherever they are moved, and give back what they had. */
final class PinnedMovesTest extends PinnedTestBase {
    @Test
    void aLiveMigrationGivesItOtherCpusWhereItGoes() {
        create(SimEngine.FLAVOR, 2);
        Instance web = create("pinned4", 1);

        engine.compute()
                .migrations()
                .live(
                        web.id(),
                        LiveMigrationSpec.builder().target(HostId.of("h2")).build())
                .await(SimEngine.PATIENCE);

        assertEquals(Set.of(), taken(1));
        assertEquals(5, taken(2).size());
        assertEquals(PinnedHosts.pins(placement(web, 2)), PinnedHosts.pins(layout(web, 2)));
        assertTrue(engine.host(1).layouts().isEmpty());
    }

    @Test
    void aResizeHoldsBothUntilItIsRevertedOrConfirmed() {
        Instance web = create(SimEngine.FLAVOR, 1);
        Map<Integer, Integer> before = PinnedHosts.pins(layout(web, 1));
        engine.compute().hosts().disable(HostId.of("h2"), "test");

        engine.compute().instances().resize(web.id(), "pinned4").await(SimEngine.PATIENCE);
        assertEquals(5, taken(1).size());
        assertEquals(4, PinnedHosts.pins(layout(web, 1)).size());

        engine.compute().instances().revertResize(web.id()).await(SimEngine.PATIENCE);
        assertEquals(before, PinnedHosts.pins(layout(web, 1)));
        assertEquals(Set.copyOf(before.values()), taken(1));

        engine.compute().instances().resize(web.id(), "pinned4").await(SimEngine.PATIENCE);
        engine.compute().instances().confirmResize(web.id()).await(SimEngine.PATIENCE);
        assertEquals(4, taken(1).size());
        assertEquals(PinnedHosts.pins(placement(web, 1)), PinnedHosts.pins(layout(web, 1)));
    }

    @Test
    void aResizeThatFailsLeavesItsCpusAsTheyWere() {
        Instance web = create(SimEngine.FLAVOR, 1);
        Map<Integer, Integer> before = PinnedHosts.pins(layout(web, 1));
        engine.compute().hosts().disable(HostId.of("h2"), "test");
        engine.host(1).failNext(SimCall.START, 1, () -> new HypervisorError("h1", 1, 1, "a fault of the test", null));

        SimEngine.failure(HypervisorError.class, engine.compute().instances().resize(web.id(), "pinned4"));

        assertEquals(before, PinnedHosts.pins(layout(web, 1)));
        assertEquals(Set.copyOf(before.values()), taken(1));
    }

    @Test
    void aResizeThatIsNotUndoneHoldsBothUntilItIsDeleted() {
        Instance web = create(SimEngine.FLAVOR, 1);
        engine.compute().hosts().disable(HostId.of("h2"), "test");
        engine.host(1).loseAnswers(SimCall.RESIZE, 1);
        engine.host(1)
                .failNext(SimCall.RESIZE, 100, () -> new HypervisorError("h1", 1, 1, "a fault of the test", null));

        SimEngine.failure(ComputeException.class, engine.compute().instances().resize(web.id(), "pinned4"));

        engine.host(1).clearFaults();
        assertEquals(5, taken(1).size());
        assertEquals(5, used(1, ResourceClass.PCPU));
        SimEngine.await(
                "the removal of what the resize left",
                () -> engine.compute().audit().findings().isEmpty());
        engine.compute().instances().delete(web.id()).await(SimEngine.PATIENCE);
        assertEquals(Set.of(), taken(1));
        assertEquals(0, used(1, ResourceClass.PCPU));
        assertEquals(List.of(), engine.compute().audit().findings());
    }

    @Test
    void aColdMigrationGoesThereAndBack() {
        Instance web = create("pinned4", 1);
        Map<Integer, Integer> before = PinnedHosts.pins(layout(web, 1));

        engine.compute().migrations().cold(web.id(), Optional.empty(), NONE).await(SimEngine.PATIENCE);
        assertEquals(4, taken(1).size());
        assertEquals(4, taken(2).size());
        engine.compute().instances().revertResize(web.id()).await(SimEngine.PATIENCE);

        assertEquals(before, PinnedHosts.pins(layout(web, 1)));
        assertEquals(Set.of(), taken(2));
    }

    @Test
    void aShelvedGuestGivesItsCpusBackAndIsGivenOthers() {
        Instance web = create("pinned4", 1);
        engine.compute().instances().shelve(web.id()).await(SimEngine.PATIENCE);
        assertEquals(Set.of(), taken(1));
        create(SimEngine.FLAVOR, 1);

        engine.compute()
                .instances()
                .unshelve(web.id(), UnshelveSpec.on(HostId.of("h1")))
                .await(SimEngine.PATIENCE);
        assertEquals(5, taken(1).size());
        assertEquals(PinnedHosts.pins(placement(web, 1)), PinnedHosts.pins(layout(web, 1)));
    }

    @Test
    void aRebuiltGuestKeepsItsCpus() {
        Instance web = create("pinned4", 1);
        Map<Integer, Integer> before = PinnedHosts.pins(layout(web, 1));

        engine.compute().instances().rebuild(web.id(), engine.image()).await(SimEngine.PATIENCE);

        assertEquals(before, PinnedHosts.pins(layout(web, 1)));
        assertEquals(4, taken(1).size());
    }

    @Test
    void anEvacuatedGuestIsGivenCpusWhereItGoes() {
        Instance web = create("pinned4", 1);
        create(SimEngine.FLAVOR, 2);
        engine.host(1).powerFail();
        SimEngine.await(
                "h1 is down",
                () -> engine.compute().hosts().list().stream()
                        .anyMatch(host -> host.state().name().equals("DOWN")));

        FencingProof proof = new FencingProof(HostId.of("h1"), "operator", "the plug is pulled", Instant.EPOCH);
        engine.compute()
                .migrations()
                .evacuate(web.id(), EvacuationSpec.proven(proof), NONE)
                .await(SimEngine.PATIENCE);

        assertEquals(Set.of(), taken(1));
        assertEquals(5, taken(2).size());
        assertEquals(PinnedHosts.pins(placement(web, 2)), PinnedHosts.pins(layout(web, 2)));
    }
}
