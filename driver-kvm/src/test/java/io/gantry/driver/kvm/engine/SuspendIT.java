package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.instance.Instance;
import io.gantry.instance.PowerState;
import io.gantry.instance.RebootKind;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.LabGuest;
import io.gantry.lab.Verification;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Instances whose memory goes to disk and comes back. */
final class SuspendIT extends VerbTestBase {
    @Test
    void resumeGoesOnWithTheMemoryAndTheDiskOfThen() {
        Instance instance = engine.boot("sleeper", "lab.ws=16 lab.rate=8");
        DiskContent content = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);

        Instance suspended = await(instances().suspend(instance.id()));

        assertEquals(VmState.SUSPENDED, suspended.state());
        assertEquals(PowerState.SUSPENDED, suspended.power());
        assertEquals(List.of(), engine.runningOn(instance.id()));
        engine.assertConsistent();

        Instance resumed = await(instances().resume(instance.id()));
        LabGuest guest = guest(resumed);
        Heartbeat after = guest.awaitHeartbeat(LabEngine.PATIENCE);
        Verification memory = guest.verify();

        assertEquals(VmState.ACTIVE, resumed.state());
        assertEquals(before.bootId(), after.bootId(), "it did not boot");
        assertTrue(after.seq() > before.seq(), "heartbeats go on");
        assertTrue(after.dirtied() >= before.dirtied(), "its counters go on");
        assertTrue(memory.ok(), memory::toString);
        assertEquals(0, after.diskErrs());
        assertEquals(content, DiskContent.read(guest));
    }

    @Test
    void aForcedRebootGivesTheSavedMemoryUpAndKeepsTheDisk() {
        Instance instance = engine.boot("forgetful", "");
        DiskContent content = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);
        await(instances().suspend(instance.id()));

        Instance rebooted = await(instances().reboot(instance.id(), RebootKind.HARD));
        Heartbeat after = rebooted(instance, before);

        assertEquals(VmState.ACTIVE, rebooted.state());
        assertNotEquals(before.bootId(), after.bootId());
        assertTrue(after.diskCount() > before.diskCount());
        assertEquals(content, DiskContent.read(guest(instance)));
    }
}
