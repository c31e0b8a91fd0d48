package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.InvalidState;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.LabHost;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What runs in an instance, and what its hypervisor knows of it. */
final class GuestSystemIT extends VerbTestBase {
    private static final String SEEN = "NMI received for unknown reason";

    private String console(InstanceId id) {
        return instances().consoleLog(id, 1 << 20);
    }

    private void awaitOnConsole(InstanceId id, String text) {
        LabEngine.await(
                "the console says " + text,
                LabEngine.PATIENCE,
                () -> console(id).contains(text));
    }

    @Test
    void theGuestSeesTheInterruptAndGoesOn() {
        Instance instance = engine.boot("dumped", "");
        Heartbeat before = beat(instance);
        assertFalse(console(instance.id()).contains(SEEN));

        Instance after = await(instances().triggerCrashDump(instance.id()));
        awaitOnConsole(instance.id(), SEEN);

        assertEquals(VmState.ACTIVE, after.state());
        assertEquals(before.bootId(), beat(instance).bootId(), "it did not boot");
        engine.assertConsistent();
    }

    @Test
    void aGuestThatIsSetUpForItPanics() {
        Instance instance = engine.boot("panics", "unknown_nmi_panic panic=1");
        Heartbeat before = beat(instance);

        await(instances().triggerCrashDump(instance.id()));
        awaitOnConsole(instance.id(), "Kernel panic - not syncing: NMI");
        rebooted(instance, before);

        assertEquals(VmState.ACTIVE, engine.get(instance).state());
        assertEquals(1, console(instance.id()).split("Kernel panic", -1).length - 1, "it is sent once");
    }

    @Test
    void aPausedGuestSeesItWhenItRunsAgainAndOneThatIsOffDoesNot() {
        Instance instance = engine.boot("paused", "");
        await(instances().pause(instance.id()));

        Instance after = await(instances().triggerCrashDump(instance.id()));
        assertEquals(VmState.PAUSED, after.state());
        assertFalse(console(instance.id()).contains(SEEN));
        await(instances().unpause(instance.id()));
        awaitOnConsole(instance.id(), SEEN);

        await(instances().stop(instance.id(), StopOptions.hard()));
        assertThrows(InvalidState.class, () -> instances().triggerCrashDump(instance.id()));
    }

    @Test
    void diagnosticsAreThoseOfTheGuest() {
        Instance instance = engine.boot("measured", "lab.ws=16 lab.rate=8");

        InstanceDiagnostics first = instances().diagnostics(instance.id());
        DiskContent.write(guest(instance));
        LabEngine.await(
                "the guest has worked",
                LabEngine.PATIENCE,
                () -> cpuTime(instances().diagnostics(instance.id())).compareTo(cpuTime(first)) > 0);
        InstanceDiagnostics second = instances().diagnostics(instance.id());

        assertEquals(PowerState.RUNNING, first.state());
        assertEquals("kvm", first.driver());
        assertEquals("qemu", first.hypervisor());
        assertEquals(1, first.numCpus());
        assertEquals(MemorySize.mib(96), first.memory().maximum());
        assertEquals("vda", second.disks().get(0).device());
        assertTrue(
                second.disks().get(0).written().compareTo(first.disks().get(0).written()) > 0,
                () -> first + ", then " + second);
        assertTrue(second.disks().get(0).writeRequests() > 0, second::toString);
    }

    private static Duration cpuTime(InstanceDiagnostics seen) {
        return seen.cpus().get(0).time().orElseThrow();
    }

    @Test
    void diagnosticsOfAPausedGuestAreReadAndOfOneThatIsOffAreNot() {
        Instance instance = engine.boot("still", "");
        await(instances().pause(instance.id()));
        assertEquals(PowerState.PAUSED, instances().diagnostics(instance.id()).state());
        assertEquals(PowerState.PAUSED, engine.get(instance).power());

        await(instances().stop(instance.id(), StopOptions.hard()));
        ComputeException refused =
                assertThrows(InvalidState.class, () -> instances().diagnostics(instance.id()));
        assertTrue(refused.getMessage().contains("SHUTDOWN"), refused.getMessage());
    }

    @Test
    void aDaemonThatHangsDoesNotHoldTheReaderUp() {
        Instance instance = engine.boot("unanswered", "");
        LabHost host = engine.labHost(instance);
        engine.lab().freezeLibvirtd(host);
        try {
            assertThrows(HostUnreachable.class, () -> instances().diagnostics(instance.id()));
        } finally {
            engine.lab().thawLibvirtd(host);
        }
        LabEngine.await("the guest can be read again", LabEngine.PATIENCE, () -> {
            try {
                return instances().diagnostics(instance.id()).state() == PowerState.RUNNING;
            } catch (HostUnreachable e) {
                return false;
            }
        });
    }
}
