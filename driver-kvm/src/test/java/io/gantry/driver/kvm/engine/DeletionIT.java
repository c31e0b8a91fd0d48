package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.ComputeEngineBuilder;
import io.gantry.error.NotFound;
import io.gantry.host.HostState;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.PowerState;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.LabHost;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Ends of instances, in an engine that lets deleted ones be restored for an hour. */
final class DeletionIT extends VerbTestBase {
    private static final Duration KEPT = Duration.ofHours(1);

    @Override
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.reclaimAfter(KEPT);
    }

    @Test
    void aDeletedInstanceIsRestoredWithItsDiskUntilItIsReclaimed() {
        Instance instance = engine.boot("regretted", "");
        DiskContent content = DiskContent.write(guest(instance));
        List<String> where = engine.definedOn(instance.id());
        Heartbeat before = beat(instance);

        Instance deleted = await(instances().delete(instance.id()));

        assertEquals(VmState.SOFT_DELETED, deleted.state());
        assertEquals(PowerState.SHUTDOWN, deleted.power());
        assertEquals(List.of(), engine.runningOn(instance.id()));
        assertEquals(where, engine.definedOn(instance.id()));
        engine.assertConsistent();

        Instance restored = await(instances().restore(instance.id(), RequestOptions.none()));
        Heartbeat after = rebooted(instance, before);

        assertEquals(VmState.ACTIVE, restored.state());
        assertTrue(after.diskCount() > before.diskCount());
        assertEquals(content, DiskContent.read(guest(instance)));

        await(instances().delete(instance.id()));
        clock.advance(KEPT);
        LabEngine.await("reclaimed", LabEngine.PATIENCE, () -> isGone(instance.id()));
        assertNothingIsLeft(instance.id());
    }

    @Test
    void aForcedDeleteLeavesNothingAtOnce() {
        Instance instance = engine.boot("unwanted", "");

        assertEquals(
                VmState.DELETED,
                await(instances().forceDelete(instance.id(), RequestOptions.none()))
                        .state());

        assertTrue(isGone(instance.id()));
        assertNothingIsLeft(instance.id());
    }

    @Test
    void anInstanceOfASilentHostIsDeletedAtOnceAndItsGuestWhenTheHostReturns() {
        Instance instance = engine.bootOn(1, "out-of-reach", "");
        LabHost host = engine.lab().host(1);
        long process = engine.lab().qemuPid(host, instance.id().value());
        engine.lab().killLibvirtd(host);
        engine.awaitHost(1, HostState.DOWN);

        assertEquals(VmState.DELETED, await(instances().delete(instance.id())).state());

        assertThrows(NotFound.class, () -> instances().get(instance.id()));
        assertEquals(0, engine.compute().hosts().get(engine.hostId(1)).usage().instances());
        assertTrue(isAlive(process), "the guest does not know yet");
        assertFalse(engine.filesOf(instance.id()).isEmpty());

        engine.lab().startLibvirtd(host);
        LabEngine.await(
                "the guest is gone",
                LabEngine.PATIENCE,
                () -> engine.definedOn(instance.id()).isEmpty()
                        && engine.compute().audit().isEmpty());
        LabEngine.await("its process is gone", LabEngine.PATIENCE, () -> !isAlive(process));
        assertNothingIsLeft(instance.id());
    }

    @Test
    void nothingIsLeftOfAnInstanceThatIsDeletedInAnotherFormThanItsOwn() {
        ImageId image = engine.image("");
        Map<VmState, Function<InstanceId, Operation<Instance>>> ways = Map.of(
                VmState.SUSPENDED, instances()::suspend,
                VmState.RESCUED, id -> instances().rescue(id, image),
                VmState.RESIZED, this::moveAcrossStorages,
                VmState.SHELVED_OFFLOADED, instances()::shelve);

        ways.forEach((form, verb) -> {
            Instance instance = await(instances()
                    .create(InstanceSpec.builder("as-" + form)
                            .flavor(LabEngine.FLAVOR)
                            .image(image)
                            .host(engine.hostId(1))
                            .build()));
            if (form != VmState.SUSPENDED) {
                // Its guest has not booted yet and would be asked in vain to power itself off.
                await(instances().stop(instance.id(), StopOptions.hard()));
            }
            assertEquals(form, await(verb.apply(instance.id())).state());

            await(instances().forceDelete(instance.id(), RequestOptions.none()));

            assertNothingIsLeft(instance.id());
        });
        assertEquals("", engine.lab().exec(engine.lab().host(1), "ls", "/var/lib/libvirt/qemu/save"));
    }

    private Operation<Instance> moveAcrossStorages(InstanceId id) {
        return engine.compute().migrations().cold(id, Optional.of(engine.hostId(3)), RequestOptions.none());
    }

    private boolean isGone(InstanceId id) {
        return instances().list().stream().noneMatch(left -> left.id().equals(id));
    }

    private void assertNothingIsLeft(InstanceId id) {
        assertEquals(List.of(), engine.definedOn(id));
        assertEquals(List.of(), engine.filesOf(id));
        engine.assertConsistent();
    }
}
