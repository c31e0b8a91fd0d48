package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.Verification;
import io.gantry.spi.driver.GuestState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Guests whose memory goes to disk and comes back. */
class KvmSuspendIT extends KvmTestBase {
    private static final Duration LONG = Duration.ofSeconds(60);

    KvmSuspendIT(Lab lab) {
        super(lab);
    }

    @Test
    void aSuspendedGuestGoesOnWhereItWas() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=16 lab.rate=8");
        try (LabGuest guest = bed.console(1, id)) {
            Heartbeat before = guest.awaitHeartbeat(TestBed.BOOT);
            bed.host(1).suspendGuest(TestBed.context(100), id);
            bed.host(1).suspendGuest(TestBed.context(100), id);
            assertEquals(PowerState.SUSPENDED, bed.power(1, id));

            // It is not forgotten with the daemon's memory.
            lab.stopLibvirtd(lab.host(1));
            lab.startLibvirtd(lab.host(1));
            TestBed.eventually(
                    "connected again", LONG, () -> bed.recorder(1).connection().contains("connected"));
            assertEquals(PowerState.SUSPENDED, bed.power(1, id));
            assertEquals(
                    PowerState.SUSPENDED,
                    bed.host(1).guests().stream()
                            .filter(state -> state.id().equals(id))
                            .map(GuestState::power)
                            .findFirst()
                            .orElseThrow());

            // Whatever would lose the memory, or change the disk that it knows, is refused.
            assertThrows(InvalidState.class, () -> bed.host(1).startGuest(TestBed.context(100), id));
            assertThrows(InvalidState.class, () -> bed.host(1).resizeGuest(TestBed.context(100), bed.spec(id, "")));

            bed.host(1).resumeGuest(TestBed.context(101), id);
            bed.host(1).resumeGuest(TestBed.context(101), id);
            assertEquals(PowerState.RUNNING, bed.power(1, id));
            Heartbeat after = guest.awaitHeartbeat(TestBed.BOOT);
            assertEquals(before.bootId(), after.bootId());
            assertTrue(after.seq() > before.seq());
            assertTrue(after.dirtied() >= before.dirtied());
            assertTrue(after.diskCount() > before.diskCount());
            assertEquals(0, after.diskErrs());
            Verification verified = guest.verify();
            assertTrue(verified.ok(), verified::toString);
            assertEquals(before.bootId(), verified.bootId());

            // With the memory came old metadata; the epoch did not fall all the same.
            assertThrows(Conflict.class, () -> bed.host(1).pauseGuest(TestBed.context(100), id));
        }
    }

    @Test
    void poweringOffGivesTheSavedMemoryUp() throws Exception {
        InstanceId id = bed.boot(1, "");
        try (LabGuest guest = bed.console(1, id)) {
            Heartbeat before = guest.awaitHeartbeat(TestBed.BOOT);
            bed.host(1).pauseGuest(TestBed.context(100), id);
            bed.host(1).suspendGuest(TestBed.context(100), id);
            assertTrue(saved(id));
            bed.host(1).powerOffGuest(TestBed.context(100), id);
            assertEquals(PowerState.SHUTDOWN, bed.power(1, id));
            assertFalse(saved(id));
            assertThrows(InvalidState.class, () -> bed.host(1).resumeGuest(TestBed.context(100), id));
            assertThrows(InvalidState.class, () -> bed.host(1).suspendGuest(TestBed.context(100), id));
            bed.host(1).startGuest(TestBed.context(100), id);
            Heartbeat after = guest.awaitReboot(before.bootId(), TestBed.BOOT);
            assertNotEquals(before.bootId(), after.bootId());
            assertTrue(after.diskCount() > before.diskCount(), "the disk is as it was");
        }
        bed.host(1).suspendGuest(TestBed.context(100), id);
        bed.host(1).deleteGuest(TestBed.context(100), id);
        assertFalse(saved(id));
        assertThrows(NotFound.class, () -> bed.host(1).resumeGuest(TestBed.context(100), id));
    }

    private boolean saved(InstanceId id) {
        return lab.exec(lab.host(1), "ls", "/var/lib/libvirt/qemu/save").contains(id.toString());
    }
}
