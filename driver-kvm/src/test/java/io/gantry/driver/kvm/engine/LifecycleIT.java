package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.sync.GuestSync;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.PowerState;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.LabGuest;
import io.gantry.placement.PlacementReport;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The verbs on one real guest. */
final class LifecycleIT extends VerbTestBase {
    @Override
    List<String> storageIds() {
        return List.of("shared", "shared");
    }

    @Test
    void bootsToHeartbeatAndExplainsWhyThere() {
        Instance instance = engine.boot("boots", "lab.ws=4 lab.rate=1");

        Heartbeat beat = engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE);
        PlacementReport report =
                engine.compute().instances().placement(instance.id()).orElseThrow();

        assertEquals(VmState.ACTIVE, instance.state());
        assertEquals(PowerState.RUNNING, instance.power());
        assertEquals(0, beat.errs());
        assertEquals(instance.host(), report.chosen());
        assertEquals(2, report.hosts().size());
        assertEquals(List.of(instance.host().orElseThrow().value()), engine.runningOn(instance.id()));
        assertTrue(engine.compute()
                .instances()
                .consoleLog(instance.id(), 64 * 1024)
                .contains("LABGUEST READY"));
        delete(instance);
    }

    @Test
    void stopsByAcpiAndStartsAgainWithItsDisk() {
        Instance instance = engine.boot("acpi", "lab.ws=4 lab.rate=1");
        LabGuest guest = engine.guest(instance);
        long counted = guest.awaitHeartbeat(LabEngine.PATIENCE).diskCount();

        Instance stopped = engine.compute()
                .instances()
                .stop(instance.id(), StopOptions.clean(Duration.ofMinutes(1)))
                .await(LabEngine.PATIENCE);

        assertEquals(VmState.STOPPED, stopped.state());
        assertEquals(PowerState.SHUTDOWN, stopped.power());
        assertTrue(
                engine.compute()
                        .instances()
                        .consoleLog(instance.id(), 64 * 1024)
                        .contains("ACPI power button"),
                "the guest saw the power button");

        Instance started = engine.compute().instances().start(instance.id()).await(LabEngine.PATIENCE);
        Heartbeat beat = engine.guest(started).awaitHeartbeat(LabEngine.PATIENCE);

        assertEquals(VmState.ACTIVE, started.state());
        assertTrue(beat.diskCount() >= counted, "the disk's counter goes on");
        assertEquals(0, beat.diskErrs());
        delete(instance);
    }

    @Test
    void stopsByForceAGuestThatIgnoresTheButton() {
        Instance instance = engine.boot("deaf", "lab.noacpi=1");
        long began = System.nanoTime();

        Instance stopped = engine.compute()
                .instances()
                .stop(instance.id(), StopOptions.clean(Duration.ofSeconds(5)))
                .await(LabEngine.PATIENCE);

        assertEquals(VmState.STOPPED, stopped.state());
        assertTrue(System.nanoTime() - began >= Duration.ofSeconds(5).toNanos(), "the guest was given its time");
        assertFalse(engine.compute()
                .instances()
                .consoleLog(instance.id(), 64 * 1024)
                .contains("ACPI power button"));
        delete(instance);
    }

    @Test
    void stopsByForceAtOnce() {
        Instance instance = engine.boot("plug", "lab.ws=4 lab.rate=1");

        Instance stopped = engine.compute()
                .instances()
                .stop(instance.id(), StopOptions.hard())
                .await(LabEngine.PATIENCE);

        assertEquals(VmState.STOPPED, stopped.state());
        assertEquals(List.of(), engine.runningOn(instance.id()));
        delete(instance);
    }

    @Test
    void rebootsSoftly() {
        Instance instance = engine.boot("soft", "lab.ws=4 lab.rate=1");
        LabGuest guest = engine.guest(instance);
        DiskContent content = DiskContent.write(guest);
        String bootId = guest.awaitHeartbeat(LabEngine.PATIENCE).bootId();
        long process =
                engine.lab().qemuPid(engine.labHost(instance), instance.id().value());

        Instance rebooted = engine.compute()
                .instances()
                .reboot(instance.id(), RebootKind.SOFT)
                .await(LabEngine.PATIENCE);
        Heartbeat beat = guest.awaitReboot(bootId, LabEngine.PATIENCE);

        assertEquals(VmState.ACTIVE, rebooted.state());
        assertNotEquals(bootId, beat.bootId());
        assertEquals(
                process,
                engine.lab().qemuPid(engine.labHost(instance), instance.id().value()));
        assertEquals(content, DiskContent.read(guest));
        delete(instance);
    }

    @Test
    void rebootsByForce() {
        Instance instance = engine.boot("hard", "lab.noacpi=1");
        LabGuest guest = engine.guest(instance);
        String bootId = guest.awaitHeartbeat(LabEngine.PATIENCE).bootId();

        Instance rebooted = engine.compute()
                .instances()
                .reboot(instance.id(), RebootKind.HARD)
                .await(LabEngine.PATIENCE);
        guest.close();

        assertEquals(VmState.ACTIVE, rebooted.state());
        assertNotEquals(
                bootId,
                engine.guest(rebooted).awaitReboot(bootId, LabEngine.PATIENCE).bootId());
        delete(instance);
    }

    @Test
    void pausesAndUnpausesWithMemoryIntact() throws InterruptedException {
        Instance instance = engine.boot("paused", "lab.ws=16 lab.rate=8");
        LabGuest guest = engine.guest(instance);
        String bootId = guest.awaitHeartbeat(LabEngine.PATIENCE).bootId();

        Instance paused = engine.compute().instances().pause(instance.id()).await(LabEngine.PATIENCE);
        // What the guest wrote just before may still be on its way to the log.
        Thread.sleep(500);
        long still = guest.lastHeartbeat().orElseThrow().seq();
        Thread.sleep(3000);
        long later = guest.lastHeartbeat().orElseThrow().seq();
        Instance unpaused = engine.compute().instances().unpause(instance.id()).await(LabEngine.PATIENCE);
        Heartbeat beat = guest.awaitHeartbeat(LabEngine.PATIENCE);

        assertEquals(VmState.PAUSED, paused.state());
        assertEquals(PowerState.PAUSED, paused.power());
        assertEquals(still, later, "no heartbeat while paused");
        assertEquals(VmState.ACTIVE, unpaused.state());
        assertEquals(bootId, beat.bootId());
        assertEquals(0, guest.verify().bad());
        delete(instance);
    }

    @Test
    void deletesEverything() {
        Instance instance = engine.boot("gone", "lab.ws=4 lab.rate=1");
        HostId host = instance.host().orElseThrow();

        engine.compute().instances().delete(instance.id()).await(LabEngine.PATIENCE);

        assertEquals(List.of(), engine.definedOn(instance.id()));
        assertEquals(List.of(), engine.filesOf(instance.id()));
        assertTrue(engine.compute().instances().list().stream()
                .noneMatch(left -> left.id().equals(instance.id())));
        assertTrue(engine.compute().hosts().get(host).usage().instances() >= 0);
    }

    @Test
    void seesAGuestThatWasKilledAsCrashedWithin5Seconds() {
        Instance instance = engine.boot("killed", "lab.ws=4 lab.rate=1");

        engine.lab().killQemu(engine.labHost(instance), instance.id().value());
        LabEngine.await(
                "seen as crashed",
                Duration.ofSeconds(5),
                () -> engine.get(instance).power() == PowerState.CRASHED);

        Instance crashed = engine.get(instance);
        assertEquals(VmState.STOPPED, crashed.state());
        assertEquals(
                GuestSync.GUEST_CRASHED,
                crashed.fault().map(InstanceFault::code).orElse(""));

        Instance started = engine.compute().instances().start(instance.id()).await(LabEngine.PATIENCE);
        engine.guest(started).awaitHeartbeat(LabEngine.PATIENCE);
        assertEquals(VmState.ACTIVE, started.state());
        assertTrue(started.fault().isEmpty(), "a verb that succeeds clears the fault");
        delete(instance);
    }

    @Test
    void seesAGuestThatPowersItselfOffAsStopped() {
        Instance instance = engine.boot("self-off", "lab.ws=4 lab.rate=1");
        LabGuest guest = engine.guest(instance);

        guest.command("sh (sleep 1; poweroff -f) >/dev/null 2>&1 &");
        LabEngine.await(
                "seen as stopped",
                Duration.ofSeconds(30),
                () -> engine.get(instance).state() == VmState.STOPPED);

        assertEquals(PowerState.SHUTDOWN, engine.get(instance).power());
        delete(instance);
    }

    @Test
    void seesWhatAnotherClientOfLibvirtDoes() {
        Instance instance = engine.boot("virsh", "lab.ws=4 lab.rate=1");
        UUID uuid = instance.id().value();

        engine.lab().exec(engine.labHost(instance), "virsh", "suspend", uuid.toString());
        LabEngine.await(
                "seen as paused",
                Duration.ofSeconds(5),
                () -> engine.get(instance).state() == VmState.PAUSED);
        engine.lab().exec(engine.labHost(instance), "virsh", "resume", uuid.toString());
        LabEngine.await(
                "seen as active",
                Duration.ofSeconds(5),
                () -> engine.get(instance).state() == VmState.ACTIVE);
        delete(instance);
    }

    private void delete(Instance instance) {
        engine.compute().instances().delete(instance.id()).await(LabEngine.PATIENCE);
        assertEquals(List.of(), engine.filesOf(instance.id()));
    }
}
