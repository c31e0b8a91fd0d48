package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.host.HostState;
import io.gantry.identity.ProjectId;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.migration.EvacuationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.spi.fence.FencingProof;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Deleting, restoring, and what happens to instances whose host is gone, on simulated hosts. */
final class InstanceRetirementTest extends VerbTestBase {
    @Override
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.reclaimAfter(Duration.ofMinutes(5)).quotas(Map.of(QuotaResource.INSTANCES, 2L));
    }

    @Test
    void aDeletedInstanceCanBeRestoredAsItWas() {
        Instance instance = running("web");

        Instance deleted = await(instances().delete(instance.id()));
        assertEquals(VmState.SOFT_DELETED, deleted.state());
        assertEquals(1, engine.rows("claim"));

        assertEquals(
                VmState.ACTIVE,
                await(instances().restore(instance.id(), NO_OPTIONS)).state());
    }

    @Test
    void aDeletedInstanceFreesItsQuotaAndNeedsItAgainToBeRestored() {
        Instance one = running("one");
        running("two");
        assertThrows(QuotaExceeded.class, () -> engine.create("three"));
        await(instances().delete(one.id()));
        running("three");

        assertThrows(QuotaExceeded.class, () -> instances().restore(one.id(), NO_OPTIONS));

        assertEquals(VmState.SOFT_DELETED, get(one.id()).state());
        assertEquals(
                2L, engine.compute().quotas().usage(ProjectId.of("default")).get(QuotaResource.INSTANCES));
    }

    @Test
    void forceDeleteLeavesNothingFromAnyState() {
        Instance instance = running("web");
        await(instances().delete(instance.id()));

        assertEquals(
                VmState.DELETED,
                await(instances().forceDelete(instance.id(), NO_OPTIONS)).state());

        assertThrows(NotFound.class, () -> get(instance.id()));
        assertEquals(0, engine.rows("claim"));
        assertEquals(0, engine.fleet().disks());
    }

    @Test
    void aDeleteCancelsWhatItFindsAndWaitsForItsEnd() throws InterruptedException {
        Instance instance = running("web");
        SimHold hold = engine.host(1).holdNext(SimCall.COPY_DISK);
        Operation<?> snapshot = instances().createImage(instance.id(), "snapshot");
        assertTrue(hold.awaitCall(SimEngine.PATIENCE));

        Operation<Instance> delete = instances().forceDelete(instance.id(), NO_OPTIONS);
        Operation<Instance> again = instances().delete(instance.id());
        assertEquals(delete.id(), again.id());
        hold.release();

        SimEngine.failure(OperationCancelled.class, snapshot);
        assertEquals(VmState.DELETED, await(delete).state());
        assertEquals(1, engine.compute().images().list().size());
    }

    @Test
    void anInstanceOfADeadHostIsDeletedAtOnceAndItsGuestWhenTheHostReturns() {
        Instance instance = running("web");
        engine.host(1).disconnect();
        SimEngine.await("h1 is down", () -> engine.compute().hosts().get(h(1)).state() == HostState.DOWN);

        assertEquals(VmState.DELETED, await(instances().delete(instance.id())).state());
        assertEquals(0, engine.rows("claim"));
        assertEquals(1, engine.rows("leftover"));

        engine.host(1).reconnect();
        SimEngine.await("the guest is gone", () -> engine.fleet().disks() == 0 && engine.rows("leftover") == 0);
    }

    @Test
    void nothingIsEvacuatedWithoutProofThatTheHostIsDead() {
        Instance instance = running("web");
        assertThrows(
                InvalidState.class, () -> engine.compute().migrations().evacuate(instance.id(), proven(1), NO_OPTIONS));

        engine.host(1).powerFail();
        SimEngine.await("h1 is down", () -> engine.compute().hosts().get(h(1)).state() == HostState.DOWN);

        assertThrows(
                InvalidRequest.class,
                () -> engine.compute().migrations().evacuate(instance.id(), EvacuationSpec.fenced(), NO_OPTIONS));
        assertThrows(
                InvalidRequest.class,
                () -> engine.compute().migrations().evacuate(instance.id(), proven(2), NO_OPTIONS));
        engine.host(1).powerOn();
        SimEngine.await("h1 is up", () -> engine.compute().hosts().get(h(1)).state() == HostState.UP);
    }

    private static EvacuationSpec proven(int host) {
        return EvacuationSpec.proven(new FencingProof(h(host), "operator", "the plug is pulled", Instant.now()));
    }

    @Test
    void anEvacuatedInstanceLandsStoppedElsewhereAndItsOldGuestGoesWhenTheHostReturns() {
        Instance instance = running("web");
        engine.host(1).powerFail();
        SimEngine.await("h1 is down", () -> engine.compute().hosts().get(h(1)).state() == HostState.DOWN);

        Instance evacuated = await(
                engine.compute().migrations().evacuate(instance.id(), proven(1).to(h(2)), NO_OPTIONS));

        assertEquals(VmState.STOPPED, evacuated.state());
        assertEquals(Optional.of(h(2)), evacuated.host());
        assertEquals(1, engine.rows("claim"));
        assertEquals(VmState.ACTIVE, await(instances().start(instance.id())).state());
        engine.host(1).powerOn();
        SimEngine.await(
                "the old guest is gone",
                () -> engine.rows("leftover") == 0 && engine.fleet().disks() == 1);
    }
}
