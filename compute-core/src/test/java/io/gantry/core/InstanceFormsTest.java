package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.host.HostId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.BackupSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.PowerState;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The verbs that change what an instance is made of, on simulated hosts. */
final class InstanceFormsTest extends VerbTestBase {
    @Test
    void suspendKeepsTheMemoryAndResumeGoesOnWithIt() {
        Instance instance = running("web");

        Instance suspended = await(instances().suspend(instance.id()));
        assertEquals(VmState.SUSPENDED, suspended.state());
        assertEquals(PowerState.SUSPENDED, suspended.power());

        assertEquals(VmState.ACTIVE, await(instances().resume(instance.id())).state());
        assertEquals(1, engine.host(1).guest(instance.id()).boots());
    }

    @Test
    void aStoppedInstanceIsStoppedAgainAfterItsRescue() {
        Instance instance = stopped("web");

        Instance rescued = await(instances().rescue(instance.id(), engine.image()));
        assertEquals(VmState.RESCUED, rescued.state());
        assertTrue(engine.host(1).guest(instance.id()).inRescue());

        assertEquals(VmState.STOPPED, await(instances().unrescue(instance.id())).state());
    }

    @Test
    void aRunningInstanceRunsAgainAfterItsRescueWithItsOwnDisk() {
        Instance instance = running("web");
        engine.host(1).guest(instance.id()).disk().write(3, 42);

        await(instances().rescue(instance.id(), engine.image()));
        Instance after = await(instances().unrescue(instance.id()));

        assertEquals(VmState.ACTIVE, after.state());
        assertEquals(42, engine.host(1).guest(instance.id()).disk().read(3));
    }

    @Test
    void aRescueThatFailsLeavesTheInstanceAsItWas() {
        Instance instance = running("web");
        engine.host(1).failNext(SimCall.RESCUE, 1, () -> new HypervisorError("h1", 1, 1, "no room", null));

        SimEngine.failure(HypervisorError.class, instances().rescue(instance.id(), engine.image()));

        assertEquals(VmState.ACTIVE, get(instance.id()).state());
        assertEquals(
                "HYPERVISOR_ERROR", get(instance.id()).fault().orElseThrow().code());
    }

    @Test
    void rebuildMakesTheDiskAnewAndKeepsWhoItIs() {
        Instance instance = running("web");
        engine.host(1).guest(instance.id()).disk().write(3, 42);
        ImageId other = engine.importImage("other", DiskFormat.RAW).id();

        Instance rebuilt = await(instances().rebuild(instance.id(), other));

        assertEquals(VmState.ACTIVE, rebuilt.state());
        assertEquals(other, rebuilt.image());
        assertEquals(instance.id(), rebuilt.id());
        assertEquals(0, engine.host(1).guest(instance.id()).disk().read(3));
    }

    @Test
    void aStoppedInstanceIsStoppedAfterItsRebuild() {
        Instance instance = stopped("web");

        assertEquals(
                VmState.STOPPED,
                await(instances().rebuild(instance.id(), engine.image())).state());
    }

    @Test
    void createImageKeepsTheDiskOfOneMomentWhileTheGuestRuns() {
        Instance instance = running("web");
        engine.host(1).guest(instance.id()).disk().write(3, 42);

        Image image = instances().createImage(instance.id(), "snapshot").await(SimEngine.PATIENCE);
        engine.host(1).guest(instance.id()).disk().write(3, 43);

        assertEquals(VmState.ACTIVE, get(instance.id()).state());
        Instance copy = await(engine.compute()
                .instances()
                .create(InstanceSpec.builder("copy")
                        .flavor(SimEngine.FLAVOR)
                        .image(image.id())
                        .host(h(2))
                        .build()));
        assertEquals(42, engine.host(2).guest(copy.id()).disk().read(3));
    }

    @Test
    void backupsRotateByKind() {
        Instance instance = running("web");
        for (int day = 1; day <= 3; day++) {
            instances()
                    .backup(instance.id(), new BackupSpec("day-" + day, "daily", 2))
                    .await(SimEngine.PATIENCE);
        }
        instances().backup(instance.id(), new BackupSpec("week", "weekly", 1)).await(SimEngine.PATIENCE);

        assertEquals(List.of("blank", "day-2", "day-3", "week"), imageNames());
        instances().backup(instance.id(), new BackupSpec("none", "daily", 0)).await(SimEngine.PATIENCE);
        assertEquals(List.of("blank", "week"), imageNames());
    }

    private List<String> imageNames() {
        return engine.compute().images().list().stream().map(Image::name).toList();
    }

    @Test
    void aShelvedInstanceHoldsNoHostAndComesBackWithItsDisk() {
        Instance instance = running("web");
        engine.host(1).guest(instance.id()).disk().write(3, 42);

        Instance shelved = await(instances().shelve(instance.id()));
        assertEquals(VmState.SHELVED_OFFLOADED, shelved.state());
        assertTrue(shelved.host().isEmpty());
        assertEquals(0, engine.rows("claim"));

        Instance back = await(instances().unshelve(instance.id(), UnshelveSpec.on(h(3))));
        assertEquals(VmState.ACTIVE, back.state());
        assertEquals(h(3), back.host().orElseThrow());
        assertEquals(42, engine.host(3).guest(instance.id()).disk().read(3));
        assertEquals(List.of("blank"), imageNames());
    }

    @Test
    void deletingAShelvedInstanceDeletesItsImage() {
        Instance instance = running("web");
        await(instances().shelve(instance.id()));

        await(instances().delete(instance.id()));

        assertEquals(List.of("blank"), imageNames());
    }

    @Test
    void resizeOnTheSameHostIsConfirmed() {
        Instance instance = running("web");

        Instance resized = await(instances().resize(instance.id(), LARGE));
        assertEquals(VmState.RESIZED, resized.state());
        assertEquals(LARGE, resized.flavor().name());

        Instance confirmed = await(instances().confirmResize(instance.id()));
        assertEquals(VmState.ACTIVE, confirmed.state());
        assertEquals(1, engine.rows("claim"));
    }

    @Test
    void resizeClaimsBothHostsUntilItIsRevertedToTheDiskOfThen() {
        Instance instance = stopped("web");
        engine.host(1).guest(instance.id()).disk().write(3, 42);
        engine.compute().hosts().disable(h(1), "so that it moves");

        Instance resized = await(instances().resize(instance.id(), LARGE));
        assertEquals(VmState.RESIZED, resized.state());
        assertEquals(2, engine.rows("claim"));
        int target = resized.host().orElseThrow().equals(h(2)) ? 2 : 3;
        assertEquals(42, engine.host(target).guest(instance.id()).disk().read(3));
        engine.host(target).guest(instance.id()).disk().write(3, 43);

        Instance reverted = await(instances().revertResize(instance.id()));
        assertEquals(VmState.STOPPED, reverted.state());
        assertEquals(h(1), reverted.host().orElseThrow());
        assertEquals(SimEngine.FLAVOR, reverted.flavor().name());
        assertEquals(42, engine.host(1).guest(instance.id()).disk().read(3));
        assertEquals(1, engine.rows("claim"));
    }

    @Test
    void aColdMigrationThatFailsAtTheTargetIsUndone() {
        Instance instance = running("web");
        engine.host(2).failNext(SimCall.CREATE_FROM_DISK, 1, () -> new HypervisorError("h2", 1, 1, "no room", null));

        SimEngine.failure(
                HypervisorError.class,
                engine.compute().migrations().cold(instance.id(), Optional.of(h(2)), NO_OPTIONS));

        Instance after = get(instance.id());
        assertEquals(VmState.ACTIVE, after.state());
        assertEquals(h(1), after.host().orElseThrow());
        assertEquals(1, engine.rows("claim"));
        assertEquals(PowerState.RUNNING, engine.host(1).guest(instance.id()).power());
    }

    @Test
    void aColdMigrationMovesTheDiskAndIsConfirmed() {
        Instance instance = running("web");
        engine.host(1).guest(instance.id()).disk().write(3, 42);

        await(engine.compute().migrations().cold(instance.id(), Optional.of(h(2)), NO_OPTIONS));
        Instance after = await(instances().confirmResize(instance.id()));

        assertEquals(h(2), after.host().orElseThrow());
        assertEquals(VmState.ACTIVE, after.state());
        assertEquals(42, engine.host(2).guest(instance.id()).disk().read(3));
        assertEquals(1, engine.fleet().disks());
    }

    @Test
    void aColdMigrationOnOneStorageIsRevertedToTheDiskOfThen() {
        for (String name : List.of("s1", "s2")) {
            engine.compute().hosts().register(SimEngine.host(name, "storage=pool"));
        }
        HostId s1 = HostId.of("s1");
        HostId s2 = HostId.of("s2");
        InstanceId id = await(engine.compute()
                        .instances()
                        .create(engine.spec("web").host(s1).build()))
                .id();
        engine.fleet().host("s1").guest(id).disk().write(3, 42);

        await(engine.compute().migrations().cold(id, Optional.of(s2), NO_OPTIONS));
        assertEquals(42, engine.fleet().host("s2").guest(id).disk().read(3));
        engine.fleet().host("s2").guest(id).disk().write(3, 43);
        Instance reverted = await(instances().revertResize(id));

        assertEquals(Optional.of(s1), reverted.host());
        assertEquals(42, engine.fleet().host("s1").guest(id).disk().read(3));

        await(engine.compute().migrations().cold(id, Optional.of(s2), NO_OPTIONS));
        await(instances().confirmResize(id));
        assertEquals(42, engine.fleet().host("s2").guest(id).disk().read(3));
        assertEquals(1, engine.fleet().disks());
    }

    @Test
    void whatCannotBeIsRefused() {
        Instance instance = running("web");

        assertThrows(InvalidState.class, () -> instances().unrescue(instance.id()));
        assertThrows(InvalidState.class, () -> instances().confirmResize(instance.id()));
        assertThrows(InvalidRequest.class, () -> instances().resize(instance.id(), SimEngine.FLAVOR));
        assertThrows(
                InvalidRequest.class,
                () -> engine.compute().migrations().cold(instance.id(), Optional.of(h(1)), NO_OPTIONS));
        await(instances().resize(instance.id(), LARGE));
        await(instances().confirmResize(instance.id()));
        assertThrows(InvalidRequest.class, () -> instances().resize(instance.id(), SimEngine.FLAVOR));
    }
}
