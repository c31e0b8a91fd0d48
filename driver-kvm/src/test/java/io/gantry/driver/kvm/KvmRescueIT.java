package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidState;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.RescueSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Guests that boot from a rescue disk, and come back from it. */
class KvmRescueIT extends KvmTestBase {
    private final CallContext context = TestBed.context();

    KvmRescueIT(Lab lab) {
        super(lab);
    }

    private RescueSpec spec(InstanceId id) {
        return new RescueSpec(id, bed.images().disk().image(), Optional.of(bed.boot("lab.name=rescue")));
    }

    @Test
    void aRescuedGuestSeesItsOwnDiskSecondAndGetsItBack() throws Exception {
        InstanceId id = bed.boot(1, "");
        assertThrows(InvalidState.class, () -> bed.host(1).rescueGuest(context, spec(id)));
        bed.host(1).unrescueGuest(context, id);
        assertEquals(PowerState.RUNNING, bed.power(1, id), "it had its normal form");
        LabGuest guest = bed.console(1, id);
        var unused = TestBed.awaitCount(guest, 5);
        bed.host(1).powerOffGuest(context, id);
        String normal = definition(id);
        List<String> files = bed.files(id);
        Heartbeat before = guest.lastHeartbeat().orElseThrow();

        bed.host(1).rescueGuest(context, spec(id));
        Heartbeat rescue = guest.awaitReboot(before.bootId(), TestBed.BOOT);
        bed.host(1).rescueGuest(context, spec(id));
        assertEquals("rescue", rescue.name());
        assertTrue(rescue.diskCount() < before.diskCount(), "the first disk is the rescue disk");
        Heartbeat.DiskCounter own = Objects.requireNonNull(rescue.disks().get("vdb"));
        assertTrue(own.count() > before.diskCount(), () -> rescue + " after " + before);
        assertEquals(0, rescue.diskErrs());
        assertEquals(
                rescue.bootId(), guest.awaitHeartbeat(TestBed.BOOT).bootId(), "the repetition did not start it anew");

        // The engine dies; another one, who never saw the normal form, brings it back.
        try (KvmDriver other = KvmDriver.create();
                HostConnection host = bed.anew(other, 1)) {
            host.unrescueGuest(context, id);
            host.unrescueGuest(context, id);
        }
        assertEquals(PowerState.SHUTDOWN, bed.power(1, id));
        assertEquals(normal, definition(id));
        assertEquals(files, bed.files(id));
        Heartbeat last = guest.lastHeartbeat().orElseThrow();
        Heartbeat after = bed.start(1, id);
        assertEquals("guest", after.name());
        assertTrue(after.diskCount()
                > Objects.requireNonNull(last.disks().get("vdb")).count());
        assertEquals(0, after.diskErrs());
    }

    @Test
    void aRescuedGuestIsCopiedMigratedAndDeletedAsAWhole() throws Exception {
        InstanceId id = bed.create(1, "");
        bed.host(1).rescueGuest(context, spec(id));
        try (LabGuest guest = bed.console(1, id)) {
            assertEquals("rescue", guest.awaitHeartbeat(TestBed.BOOT).name());
        }
        bed.disks(1).copy(context, id, "c");
        assertTrue(bed.migrate(1, 2, id, TestBed.FAST).await(TestBed.BOOT));
        bed.host(2).unrescueGuest(context, id);
        assertFalse(bed.files(id).toString().contains("rescue"));
        bed.disks(2).restore(context, id, "c");
        Heartbeat after = bed.start(2, id);
        assertEquals("guest", after.name());
        assertTrue(after.diskCount() > 1, "the copy is of its own disk");
        bed.host(2).powerOffGuest(context, id);
        bed.host(2).rescueGuest(context, spec(id));
        bed.host(2).deleteGuest(context, id);
        assertEquals(List.of(), bed.files(id));
    }

    private String definition(InstanceId id) {
        return lab.exec(lab.host(1), "virsh", "dumpxml", "--inactive", id.toString());
    }
}
