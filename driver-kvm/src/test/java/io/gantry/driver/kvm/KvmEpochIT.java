package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Lab;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who has lost a guest cannot change it any more, whatever operation it belongs to. */
class KvmEpochIT extends KvmTestBase {
    KvmEpochIT(Lab lab) {
        super(lab);
    }

    private Map<String, Executable> changes(InstanceId id, CallContext stale) {
        Map<String, Executable> changes = new LinkedHashMap<>();
        changes.put("create", () -> bed.host(1).createGuest(stale, bed.spec(id, "")));
        changes.put("start", () -> bed.host(1).startGuest(stale, id));
        changes.put("shutdown", () -> bed.host(1).requestShutdown(stale, id));
        changes.put("reboot", () -> bed.host(1).requestReboot(stale, id));
        changes.put("power off", () -> bed.host(1).powerOffGuest(stale, id));
        changes.put("pause", () -> bed.host(1).pauseGuest(stale, id));
        changes.put("unpause", () -> bed.host(1).unpauseGuest(stale, id));
        changes.put("suspend", () -> bed.host(1).suspendGuest(stale, id));
        changes.put("resume", () -> bed.host(1).resumeGuest(stale, id));
        changes.put("resize", () -> bed.host(1).resizeGuest(stale, bed.spec(id, "")));
        changes.put(
                "rescue",
                () -> bed.host(1)
                        .rescueGuest(
                                stale, new RescueSpec(id, bed.images().disk().image(), Optional.empty())));
        changes.put("unrescue", () -> bed.host(1).unrescueGuest(stale, id));
        changes.put("copy", () -> bed.disks(1).copy(stale, id, "c"));
        changes.put("restore", () -> bed.disks(1).restore(stale, id, "c"));
        changes.put("rebuild", () -> bed.disks(1).rebuild(stale, bed.spec(id, "")));
        changes.put("delete a copy", () -> bed.disks(1).delete(stale, GuestDisk.copy(id, "c")));
        changes.put("delete the disk", () -> bed.disks(1).delete(stale, new GuestDisk(id, Optional.empty(), true)));
        changes.put("release", () -> bed.host(1).releaseGuest(stale, id));
        changes.put("delete", () -> bed.host(1).deleteGuest(stale, id));
        changes.put("fence", () -> bed.host(1).fence(stale, id));
        return changes;
    }

    @Test
    void aLowerEpochIsRefusedByEveryVerb() throws Exception {
        InstanceId id = bed.create(1, "lab.ws=8 lab.rate=1");
        bed.host(1).fence(TestBed.context(7), id);
        changes(id, TestBed.context(6)).forEach((verb, call) -> assertThrows(Conflict.class, call, verb));
        assertEquals(PowerState.SHUTDOWN, bed.power(1, id));

        bed.host(1).startGuest(TestBed.context(8), id);
        bed.host(1).fence(TestBed.context(9), id);
        for (String which : List.of("--live", "--config")) {
            assertTrue(
                    lab.exec(
                                    lab.host(1),
                                    "virsh",
                                    "metadata",
                                    id.toString(),
                                    "https://gantry.io/xmlns/libvirt/1",
                                    which)
                            .contains("<epoch>9</epoch>"),
                    which);
        }
        changes(id, TestBed.context(8)).forEach((verb, call) -> assertThrows(Conflict.class, call, verb));
        assertEquals(PowerState.RUNNING, bed.power(1, id));
        bed.host(1).powerOffGuest(TestBed.context(10), id);
        assertThrows(Conflict.class, () -> bed.host(1).startGuest(TestBed.context(9), id));

        bed.host(1).fence(TestBed.context(1), InstanceId.random());
    }

    @Test
    void whileAGuestMovesItsEpochStaysAndNobodyWaits() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=32 lab.rate=0");
        MigrationTuning slow = new MigrationTuning(Duration.ofMillis(10), new Bandwidth(1 << 20));
        MigrationJob job = bed.migrate(1, 2, id, slow);
        TestBed.eventually("copying", TestBed.BOOT, () -> job.statistics().memoryProcessed() > 0);
        assertThrows(Conflict.class, () -> bed.host(1).fence(TestBed.context(2), id));
        assertEquals(List.of(), bed.recorder(1).connection(), "its connection was not given up over that");
        job.abort();
        assertThrows(ComputeException.class, () -> job.await(TestBed.BOOT));
        bed.host(1).fence(TestBed.context(2), id);
        assertThrows(Conflict.class, () -> bed.host(1).pauseGuest(TestBed.context(1), id));
    }

    @Test
    void theEpochMovesWithTheGuest() throws Exception {
        InstanceId id = bed.boot(1, "");
        MigrationOffer offer = bed.source(1).offer(id);
        bed.host(1).fence(TestBed.context(100), id);
        MigrationTicket ticket = bed.target(2).prepare(TestBed.context(101), offer);
        assertThrows(Conflict.class, () -> bed.source(1).start(TestBed.context(99), offer, ticket, TestBed.FAST));
        CallContext mover = new CallContext(OperationId.random(), 101, Duration.ofMinutes(1));
        assertTrue(bed.source(1).start(mover, offer, ticket, TestBed.FAST).await(TestBed.BOOT));
        assertThrows(Conflict.class, () -> bed.host(2).pauseGuest(TestBed.context(100), id));
        bed.host(2).powerOffGuest(mover, id);
        assertThrows(Conflict.class, () -> bed.host(2).startGuest(TestBed.context(100), id));
    }
}
