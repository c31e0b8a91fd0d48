package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.ImageSource;
import io.gantry.unit.DiskSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What simulated disks hold, and where they are. */
class SimDisksTest {
    private final Bench bench = new Bench();
    private final HostConnection a = bench.host("sim://a");
    private final GuestDisks disks = a.disks().orElseThrow();
    private final InstanceId id = InstanceId.random();

    @AfterEach
    void close() {
        bench.close();
    }

    private SimDisk created(HostConnection host) {
        host.createGuest(Bench.context(), bench.spec(id, Bench.flavor(64)));
        return bench.fleet.guest(id).disk();
    }

    private static byte[] content(GuestDisks disks, InstanceId id, String copy) throws IOException {
        try (InputStream content = disks.open(id, copy)) {
            return content.readAllBytes();
        }
    }

    private static DiskSource source(byte[] content, long declared, DiskSize size) {
        return new DiskSource() {
            @Override
            public DiskFormat format() {
                return DiskFormat.RAW;
            }

            @Override
            public DiskSize virtualSize() {
                return size;
            }

            @Override
            public long contentBytes() {
                return declared;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        };
    }

    @Test
    void diskBeginsAsItsRawImageAndHoldsWhatIsWritten() {
        SimDisk disk = created(a);
        assertEquals(
                ByteBuffer.wrap("a disk\0\0".getBytes(StandardCharsets.UTF_8)).getLong(), disk.read(0));
        assertEquals(0, disk.read(200));
        disk.write(200, 42);
        assertEquals(42, disk.read(200));
        disk.write(200, 0);
        assertEquals(0, disk.read(200));
        assertEquals(DiskSize.mib(1), disk.size());
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> disk.write(256, 1));
        assertEquals("block", refused.field());
        assertThrows(InvalidRequest.class, () -> disk.read(-1));
    }

    @Test
    void guestsOfOneImageDoNotShareWhatTheyWrite() {
        SimDisk disk = created(a);
        SimDisk other = bench.fleet.guest(bench.running(a, Bench.flavor(64))).disk();
        disk.write(1, 5);
        assertEquals(0, other.read(1));
    }

    @Test
    void copyIsRawAndEndsWithItsLastBlock() throws IOException {
        SimDisk disk = created(a);
        DiskCopy empty = disks.copy(Bench.context(), id, "empty");
        assertEquals(new DiskCopy("empty", DiskFormat.RAW, DiskSize.mib(1), 4096), empty);
        disk.write(3, 7);
        DiskCopy copy = disks.copy(Bench.context(), id, "copy");
        assertEquals(4 * 4096, copy.contentBytes());
        byte[] content = content(disks, id, "copy");
        assertEquals(copy.contentBytes(), content.length);
        assertEquals("a disk", new String(content, 0, 6, StandardCharsets.UTF_8));
        assertEquals(7, ByteBuffer.wrap(content).getLong(3 * 4096));
    }

    @Test
    void imageMadeOfCopyGivesItsContentToGuestsOfAnyHost() throws IOException {
        created(a).write(9, 99);
        disks.copy(Bench.context(), id, "snapshot");
        byte[] content = content(disks, id, "snapshot");
        ImageSource image = TestImages.source(content, content);
        HostConnection b = bench.host("sim://b");
        b.cacheImage(Bench.context(), image);
        InstanceId child = InstanceId.random();
        b.createGuest(
                Bench.context(),
                GuestSpec.builder(child, "child", Bench.flavor(64), image.image())
                        .build());
        assertEquals(99, bench.fleet.guest(child).disk().read(9));
    }

    @Test
    void contentHasAsManyBytesAsItSaysOrNothingIsMade() throws IOException {
        byte[] content = new byte[5000];
        content[4999] = 1;
        GuestSpec spec = bench.spec(id, Bench.flavor(64));
        for (long declared : new long[] {4999, 5001}) {
            DiskSource source = source(content, declared, DiskSize.mib(2));
            IOException refused =
                    assertThrows(IOException.class, () -> disks.createGuest(Bench.context(), spec, source));
            assertTrue(String.valueOf(refused.getMessage()).contains("5000 bytes"), refused::toString);
        }
        assertEquals(0, bench.fleet.disks());
        disks.createGuest(Bench.context(), spec, source(content, 5000, DiskSize.mib(2)));
        SimDisk disk = bench.fleet.guest(id).disk();
        assertEquals(DiskSize.mib(2), disk.size(), "it does not shrink to the specification's");
        disks.copy(Bench.context(), id, "copy");
        assertEquals(1, content(disks, id, "copy")[4999]);
    }

    @Test
    void onlyTheFirstSixteenMebibytesAreKept() throws IOException {
        byte[] content = new byte[(16 << 20) + 4096];
        content[(16 << 20) - 1] = 1;
        content[16 << 20] = 1;
        disks.createGuest(
                Bench.context(), bench.spec(id, Bench.flavor(64)), source(content, content.length, DiskSize.mib(32)));
        assertEquals(16 << 20, disks.copy(Bench.context(), id, "copy").contentBytes());
        SimDisk disk = bench.fleet.guest(id).disk();
        assertThrows(InvalidRequest.class, () -> disk.write(4096, 1));
    }

    @Test
    void hostsOfOneStorageSeeTheSameDisksAndOthersDoNot() {
        HostConnection s1 = bench.host("sim://s1?storage=pool");
        HostConnection s2 = bench.host("sim://s2?storage=pool");
        assertEquals(
                s1.disks().orElseThrow().storageId(), s2.disks().orElseThrow().storageId());
        assertTrue(!disks.storageId().equals(s1.disks().orElseThrow().storageId()));
        created(s1).write(1, 11);
        s2.createGuest(Bench.context(), bench.spec(id, Bench.flavor(64)));
        s1.releaseGuest(Bench.context(), id);
        assertEquals(11, bench.fleet.guest(id).disk().read(1));
        assertEquals(1, bench.fleet.disks());
        assertTrue(disks.list().isEmpty());
    }

    @Test
    void deleteTakesTheDiskFromAllHostsOfItsStorage() {
        HostConnection s1 = bench.host("sim://s1?storage=pool");
        HostConnection s2 = bench.host("sim://s2?storage=pool");
        SimDisk disk = created(s1);
        s1.disks().orElseThrow().copy(Bench.context(), id, "copy");
        s2.deleteGuest(Bench.context(), id);
        assertEquals(0, bench.fleet.disks());
        assertThrows(HypervisorError.class, () -> s1.startGuest(Bench.context(), id));
        assertThrows(HypervisorError.class, () -> disk.read(1));
        assertThrows(HypervisorError.class, () -> s1.disks().orElseThrow().copy(Bench.context(), id, "again"));
        assertEquals(PowerState.SHUTDOWN, Bench.power(s1, id));
        s1.deleteGuest(Bench.context(), id);
    }

    @Test
    void liveMigrationTakesDiskAndCopiesAlongToOtherStorage() {
        HostConnection b = bench.host("sim://b");
        InstanceId guest = bench.running(a, Bench.busy(64, 1, 1, 1));
        bench.fleet.guest(guest).disk().write(2, 22);
        disks.copy(Bench.context(), guest, "copy");
        Bench.migrate(a, b, guest, Bench.PLAIN);
        bench.fleet.guest(guest).disk().write(2, 23);
        bench.clock.advance(Duration.ofSeconds(1));
        assertEquals(Optional.of("b"), bench.fleet.guest(guest).host());
        assertEquals(23, bench.fleet.guest(guest).disk().read(2));
        assertTrue(disks.list().isEmpty());
        assertEquals(
                Set.of(new GuestDisk(guest, Optional.empty(), true), GuestDisk.copy(guest, "copy")),
                Set.copyOf(b.disks().orElseThrow().list()));
        b.deleteGuest(Bench.context(), guest);
        assertEquals(0, bench.fleet.disks());
    }

    @Test
    void creationThatFailsMidwayLeavesItsDiskUntilItIsTriedAgainOrDeleted() {
        SimHost host = bench.fleet.host("a");
        for (int i = 0; i < 2; i++) {
            host.failAfterDisk(1, () -> new HypervisorError("a", 1, 10, "the daemon died", null));
            assertThrows(HypervisorError.class, () -> created(a));
            assertTrue(a.guest(id).isEmpty());
            assertEquals(List.of(new GuestDisk(id, Optional.empty(), false)), disks.list());
            assertEquals(disks.list(), host.disks());
            if (i == 0) {
                disks.delete(Bench.context(), new GuestDisk(id, Optional.empty(), false));
                assertEquals(0, bench.fleet.disks());
            }
        }
        created(a);
        assertEquals(1, bench.fleet.disks());
        host.failAfterDisk(1, IllegalStateException::new);
        host.clearFaults();
        bench.running(a, Bench.flavor(64));
        assertThrows(IllegalArgumentException.class, () -> host.failAfterDisk(0, IllegalStateException::new));
    }

    @Test
    void deletingLeftoversCollidesWithNoCreation() {
        GuestDisk root = new GuestDisk(id, Optional.empty(), false);
        for (int round = 0; round < 200; round++) {
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            calls.add(CompletableFuture.runAsync(() -> created(a)));
            calls.add(CompletableFuture.runAsync(() -> {
                try {
                    disks.delete(Bench.context(), root);
                } catch (Conflict e) {
                    assertTrue(e.getMessage().contains("in use"), e::toString);
                }
            }));
            calls.forEach(CompletableFuture::join);
            assertEquals(1, bench.fleet.disks(), "a guest that is there has its disk");
            a.deleteGuest(Bench.context(), id);
            assertEquals(0, bench.fleet.disks());
        }
    }
}
