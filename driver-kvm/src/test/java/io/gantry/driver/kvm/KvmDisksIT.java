package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.WithLab;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.unit.DiskSize;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Copies of disks, and what becomes of them: what counts is what a guest finds on the disk. */
@WithLab(hosts = 2)
class KvmDisksIT {
    private final Lab lab;
    private final TestBed bed;
    private final TestBed apart;

    KvmDisksIT(Lab lab) {
        this.lab = lab;
        this.bed = new TestBed(lab);
        this.apart = TestBed.apart(lab);
    }

    @AfterEach
    void cleanUp() {
        bed.close();
        apart.close();
    }

    @Test
    void aCopyOfARunningGuestIsItsDiskAtThatMomentAndBootsElsewhere() throws Exception {
        InstanceId id = apart.boot(1, "lab.ws=8 lab.rate=2");
        LabGuest guest = apart.console(1, id);
        Heartbeat before = TestBed.awaitCount(guest, 3);
        CallContext context = TestBed.context();
        DiskCopy copy = apart.disks(1).copy(context, id, "now");
        Heartbeat after = guest.awaitHeartbeat(TestBed.BOOT);
        assertEquals(DiskFormat.QCOW2, copy.format());
        assertEquals(LabImages.DISK, copy.virtualSize());
        assertEquals(copy, apart.disks(1).copy(TestBed.context(), id, "now"), "it is there already");
        assertEquals(
                List.of(new GuestDisk(id, Optional.empty(), true), GuestDisk.copy(id, "now")),
                disksOf(apart.disks(1), id));

        // Moved to a host that does not share the storage.
        assertNotEquals(apart.disks(1).storageId(), apart.disks(2).storageId());
        assertEquals(bed.disks(1).storageId(), bed.disks(2).storageId());
        apart.cacheImages(2);
        GuestSpec spec = apart.spec(apart.keep(InstanceId.random()), "", 1, 96, DiskSize.mib(80));
        apart.disks(2).createGuest(context, spec, Contents.of(apart.disks(1), id, copy));
        apart.disks(2).createGuest(context, spec, Contents.of(apart.disks(1), id, copy));
        assertEquals(PowerState.SHUTDOWN, apart.power(2, spec.id()));
        String info = info(apart.storage(2), only(apart.files(2, spec.id())));
        assertFalse(info.contains("backing-filename"), info);
        Heartbeat there = apart.start(2, spec.id());
        assertTrue(there.diskCount() > before.diskCount(), () -> there + " after " + before);
        assertTrue(there.diskCount() <= after.diskCount() + 1, () -> there + " before " + after);
        assertEquals(0, there.diskErrs());
        try (LabGuest moved = apart.console(2, spec.id())) {
            assertEquals("sh rc=0 out=" + (80 << 11) + "\\n", moved.command("sh cat /sys/block/vda/size"));
        }

        Heartbeat last = guest.awaitHeartbeat(TestBed.BOOT);
        assertEquals(before.bootId(), last.bootId(), "the guest went on meanwhile");
        assertTrue(last.diskCount() > after.diskCount());
        assertEquals(0, last.diskErrs());
        assertTrue(guest.verify().ok());
        guest.close();
        apart.host(1).deleteGuest(context, id);
        assertEquals(List.of(), apart.files(1, id));
        assertEquals(List.of(), disksOf(apart.disks(1), id));
    }

    @Test
    void aRestoredGuestHasTheDiskOfTheCopyAndMigratesWithIt() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=8 lab.rate=2");
        assertThrows(InvalidState.class, () -> bed.disks(1).restore(TestBed.context(), id, "old"));
        bed.host(1).powerOffGuest(TestBed.context(), id);
        CallContext copying = TestBed.context();
        DiskCopy copy = bed.disks(1).copy(copying, id, "old");
        Heartbeat then = bed.console(1, id).lastHeartbeat().orElseThrow();
        bed.host(1).startGuest(TestBed.context(), id);
        try (LabGuest guest = bed.console(1, id)) {
            var unused = TestBed.awaitCount(guest, then.diskCount() + 6);
        }
        bed.host(1).suspendGuest(TestBed.context(), id);
        CallContext context = TestBed.context();
        assertThrows(NotFound.class, () -> bed.disks(1).restore(context, id, "other"));
        bed.disks(1).restore(context, id, "old");
        bed.disks(1).restore(context, id, "old");
        assertEquals(PowerState.SHUTDOWN, bed.power(1, id), "the memory went with the disk that it knew");
        assertEquals(List.of(new GuestDisk(id, Optional.empty(), true)), disksOf(bed.disks(1), id));
        assertEquals(List.of(new GuestDisk(id, Optional.empty(), false)), disksOf(bed.disks(2), id));
        assertThrows(NotFound.class, () -> bed.disks(1).open(id, "old"));

        Heartbeat now = bed.start(1, id);
        assertTrue(
                now.diskCount() > then.diskCount() && now.diskCount() < then.diskCount() + 6, () -> then + " " + now);
        assertEquals(0, now.diskErrs());
        bed.disks(1).restore(context, id, "old"); // its work is done, although the guest is on

        // The name is free again, and the disk goes where the guest goes.
        assertEquals(copy.virtualSize(), bed.disks(1).copy(copying, id, "old").virtualSize());
        assertEquals(List.of(), bed.target(2).refusals(bed.source(1).offer(id)));
        assertTrue(bed.migrate(1, 2, id, TestBed.FAST).await(TestBed.BOOT));
        try (LabGuest guest = bed.console(2, id)) {
            Heartbeat moved = guest.awaitHeartbeat(TestBed.BOOT);
            assertEquals(now.bootId(), moved.bootId());
            assertEquals(0, moved.diskErrs());
            assertTrue(guest.verify().ok());
        }
        assertEquals(
                List.of(new GuestDisk(id, Optional.empty(), true), GuestDisk.copy(id, "old")),
                disksOf(bed.disks(2), id));
        bed.disks(2).delete(TestBed.context(), GuestDisk.copy(id, "old"));
        bed.disks(2).delete(TestBed.context(), GuestDisk.copy(id, "old"));
        assertThrows(
                Conflict.class,
                () -> bed.disks(2).delete(TestBed.context(), new GuestDisk(id, Optional.empty(), true)));
        assertEquals(List.of(new GuestDisk(id, Optional.empty(), true)), disksOf(bed.disks(2), id));
        bed.host(2).deleteGuest(TestBed.context(), id);
        assertEquals(List.of(), bed.files(id));
    }

    @Test
    void aRebuiltGuestBeginsAnew() throws Exception {
        InstanceId id = bed.boot(1, "");
        GuestSpec spec = bed.spec(id, "lab.ws=8", 2, 128, DiskSize.mib(72));
        assertThrows(InvalidState.class, () -> bed.disks(1).rebuild(TestBed.context(), spec));
        try (LabGuest guest = bed.console(1, id)) {
            var unused = TestBed.awaitCount(guest, 5);
        }
        bed.host(1).powerOffGuest(TestBed.context(), id);
        CallContext context = TestBed.context();
        bed.disks(1).rebuild(context, spec);
        List<String> files = bed.files(id);
        bed.disks(1).rebuild(context, spec);
        assertEquals(files, bed.files(id));
        assertEquals(List.of(new GuestDisk(id, Optional.empty(), true)), disksOf(bed.disks(1), id));
        Heartbeat now = bed.start(1, id);
        assertTrue(now.diskCount() < 5, now::toString);
        assertEquals(8, now.workingSet());
        assertEquals(0, now.diskErrs());
        try (LabGuest guest = bed.console(1, id)) {
            assertEquals("sh rc=0 out=2\\n", guest.command("sh grep -c ^processor /proc/cpuinfo"));
        }
    }

    @Test
    void aReleasedGuestsDiskIsAdoptedByTheNextHost() throws Exception {
        InstanceId id = bed.boot(1, "");
        bed.host(1).powerOffGuest(TestBed.context(), id);
        Heartbeat last = bed.console(1, id).lastHeartbeat().orElseThrow();
        // Its second host has it before the first one lets it go.
        bed.host(2).createGuest(TestBed.context(), bed.spec(id, ""));
        bed.host(1).releaseGuest(TestBed.context(), id);
        bed.host(1).releaseGuest(TestBed.context(), id);
        assertTrue(bed.host(1).guest(id).isEmpty());
        assertEquals(List.of(new GuestDisk(id, Optional.empty(), false)), disksOf(bed.disks(1), id));
        Heartbeat there = bed.start(2, id);
        assertTrue(there.diskCount() > last.diskCount());
        assertEquals(0, there.diskErrs());

        // That host dies; the first one takes the guest over, with a disk whose name says that it was a copy once.
        bed.disks(2).copy(TestBed.context(), id, "c");
        bed.host(2).powerOffGuest(TestBed.context(), id);
        bed.disks(2).restore(TestBed.context(), id, "c");
        Heartbeat beforeDeath = bed.start(2, id);
        lab.powerOff(lab.host(2));
        try {
            bed.host(1).createGuest(TestBed.context(), bed.spec(id, ""));
            Heartbeat after = bed.start(1, id);
            assertTrue(after.diskCount() > beforeDeath.diskCount());
            assertEquals(0, after.diskErrs());
        } finally {
            lab.powerOn(lab.host(2));
        }
        TestBed.eventually(
                "connected again",
                TestBed.BOOT,
                () -> bed.recorder(2).connection().contains("connected"));
        assertEquals(PowerState.SHUTDOWN, bed.power(2, id));
        bed.host(2).releaseGuest(TestBed.context(), id);
        assertEquals(PowerState.RUNNING, bed.power(1, id));
        try (LabGuest guest = bed.console(1, id)) {
            assertEquals(0, guest.awaitHeartbeat(TestBed.BOOT).diskErrs());
        }
    }

    @Test
    void whatAReleasedGuestLeftOnAHostOfItsOwnCanBeRemoved() throws Exception {
        InstanceId id = apart.create(1, "");
        apart.host(1).startGuest(TestBed.context(), id);
        TestBed.eventually("console log", TestBed.BOOT, () -> apart.host(1).consoleLog(id, 10).length > 0);
        DiskCopy copy = apart.disks(1).copy(TestBed.context(), id, "c");
        apart.host(1).releaseGuest(TestBed.context(), id);
        assertEquals(
                List.of(GuestDisk.copy(id, "c"), new GuestDisk(id, Optional.empty(), false)),
                disksOf(apart.disks(1), id));
        assertEquals(2, apart.files(1, id).size(), () -> "the log is gone: " + apart.files(1, id));
        try (InputStream content = apart.disks(1).open(id, "c")) {
            assertEquals(copy.contentBytes(), content.transferTo(Files.newOutputStream(Path.of("/dev/null"))));
        }
        apart.disks(1).delete(TestBed.context(), new GuestDisk(id, Optional.empty(), false));
        apart.disks(1).delete(TestBed.context(), new GuestDisk(id, Optional.empty(), false));
        assertEquals(List.of(GuestDisk.copy(id, "c")), disksOf(apart.disks(1), id));
        apart.disks(1).delete(TestBed.context(), GuestDisk.copy(id, "c"));
        assertEquals(List.of(), apart.files(1, id));
        assertThrows(InvalidRequest.class, () -> apart.disks(1).copy(TestBed.context(), id, "../x"));
        assertThrows(NotFound.class, () -> apart.disks(1).copy(TestBed.context(), id, "c"));
    }

    private static List<GuestDisk> disksOf(GuestDisks disks, InstanceId id) {
        return disks.list().stream()
                .filter(disk -> disk.instance().equals(id))
                .sorted(java.util.Comparator.comparing(
                        disk -> disk.inUse() ? "" : disk.copy().orElse("root")))
                .toList();
    }

    private static String only(List<String> files) {
        assertEquals(1, files.size(), files::toString);
        return files.get(0);
    }

    private String info(Path storage, String file) {
        return lab.exec(
                lab.host(1),
                "qemu-img",
                "info",
                "--force-share",
                "--output=json",
                storage.resolve("instances").resolve(file).toString());
    }
}
