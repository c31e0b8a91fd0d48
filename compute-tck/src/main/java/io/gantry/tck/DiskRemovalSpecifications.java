package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.error.Conflict;
import io.gantry.error.Unsupported;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.tck.DriverBench.Host;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The part of the driver contract that is about which disks there are, and which stay when a guest goes. */
abstract class DiskRemovalSpecifications extends DiskSpecifications {
    private static final long MARK = 0x64697374L;

    DiskRemovalSpecifications() {}

    @Test
    @DisplayName("release: the guest is gone, its disk and copies stay; created again it has them; left over, they go")
    void releaseKeepsTheDisks() throws Exception {
        GuestDisks disks = bench().disks();
        Host host = bench().host();
        InstanceId id = bench().created();
        GuestDisk root = new GuestDisk(id, Optional.empty(), true);
        GuestDisk leftRoot = new GuestDisk(id, Optional.empty(), false);
        GuestDisk copy = GuestDisk.copy(id, "copy-1");
        bench().mark(host, id, MARK);
        disks.copy(bench().context(), id, "copy-1");
        assertEquals(Set.of(root, copy), DriverBench.disks(host, id));
        for (int i = 0; i < 2; i++) {
            connection().releaseGuest(bench().context(), id);
            assertTrue(connection().guest(id).isEmpty(), "guest(id) after release");
            assertEquals(Set.of(leftRoot, copy), DriverBench.disks(host, id), "disks after release");
        }
        connection().createGuest(bench().context(), bench().spec(id));
        assertPower(host, id, PowerState.SHUTDOWN);
        bench().assertMark(host, id, MARK, "it is the disk that was");
        assertEquals(Set.of(root, copy), DriverBench.disks(host, id));

        assertThrows(Conflict.class, () -> disks.delete(bench().context(), root));
        assertThrows(Conflict.class, () -> disks.delete(bench().context(), leftRoot));
        assertEquals(Set.of(root, copy), DriverBench.disks(host, id), "a disk in use stays");
        disks.delete(bench().context(), copy);
        disks.delete(bench().context(), copy);
        assertEquals(Set.of(root), DriverBench.disks(host, id));
        bench().assertMark(host, id, MARK, "the copy went, the disk stays");
        connection().releaseGuest(bench().context(), id);
        disks.delete(bench().context(), leftRoot);
        disks.delete(bench().context(), leftRoot);
        assertEquals(Set.of(), DriverBench.disks(host, id));
    }

    @Test
    @DisplayName("release: another host on the same storage takes the disk over")
    void otherHostTakesTheDiskOver() throws Exception {
        GuestDisks disks = bench().disks();
        Host host = bench().host();
        Host other = bench().lastHost();
        assumeTrue(
                !other.equals(host) && DriverBench.disks(other).storageId().equals(disks.storageId()), "no such host");
        InstanceId id = bench().created();
        bench().mark(host, id, MARK);
        GuestDisk unused = new GuestDisk(id, Optional.empty(), false);
        assertEquals(Set.of(unused), DriverBench.disks(other, id), "seen there, and not in use there");
        bench().cacheImages(other.connection());
        other.connection().createGuest(bench().context(), bench().spec(id));
        connection().releaseGuest(bench().context(), id);
        assertTrue(connection().guest(id).isEmpty(), "the first host still has it");
        assertEquals(Set.of(unused), DriverBench.disks(host, id), "not in use at the first host any more");
        bench().assertMark(other, id, MARK, "it is the disk that was");
        other.connection().startGuest(bench().context(), id);
        bench().awaitPower(other, id, PowerState.RUNNING);
        other.connection().deleteGuest(bench().context(), id);
        assertEquals(Set.of(), DriverBench.disks(host, id));
    }

    @Test
    @DisplayName("release: does nothing for a guest that is not there; without the capability it is unsupported")
    void unknownGuestIsReleased() {
        InstanceId unknown = InstanceId.random();
        if (bench().can(DriverCapability.DISKS)) {
            connection().releaseGuest(bench().context(), unknown);
            assertEquals(Set.of(), DriverBench.disks(bench().host(), unknown));
        } else {
            assertThrows(Unsupported.class, () -> connection().releaseGuest(bench().context(), unknown));
        }
    }

    @Test
    @DisplayName("delete: nothing is left of a guest: no root disk, no copies, no saved memory, no rescue disk")
    void deleteLeavesNothing() throws Exception {
        InstanceId id = bench().created();
        if (bench().can(DriverCapability.DISKS)) {
            bench().disks().copy(bench().context(), id, "copy-1");
            bench().disks().copy(bench().context(), id, "copy-2");
        }
        if (bench().can(DriverCapability.SUSPEND)) {
            connection().startGuest(bench().context(), id);
            bench().awaitPower(bench().host(), id, PowerState.RUNNING);
            connection().suspendGuest(bench().context(), id);
        }
        assertIsGone(id);
        if (bench().can(DriverCapability.RESCUE)) {
            InstanceId rescued = bench().created();
            connection().rescueGuest(bench().context(), bench().rescueSpec(rescued));
            assertIsGone(rescued);
        }
    }

    private void assertIsGone(InstanceId id) throws Exception {
        Host host = bench().host();
        connection().deleteGuest(bench().context(), id);
        assertTrue(connection().guest(id).isEmpty(), "guest(id) after delete");
        if (bench().can(DriverCapability.DISKS)) {
            assertEquals(Set.of(), DriverBench.disks(host, id), "disks after delete");
        }
        assertEquals(Set.of(), bench().fixture().traces(host.endpoint(), id), "traces after delete");
    }
}
