package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.tck.DriverBench.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The part of the driver contract that is about what disks hold; skipped without the capability. */
abstract class DiskSpecifications extends EpochSpecifications {
    private static final long OLD = 0x6f6c64L;
    private static final long NEW = 0x6e6577L;

    DiskSpecifications() {}

    @Test
    @DisplayName("disks: there exactly if the driver claims the capability; the storage keeps its id")
    void disksMatchTheCapability() {
        assertEquals(bench().can(DriverCapability.DISKS), connection().disks().isPresent());
        GuestDisks disks = bench().disks();
        assertFalse(disks.storageId().isBlank(), "storage id");
        assertEquals(disks.storageId(), bench().disks().storageId());
    }

    @Test
    @DisplayName("copy: of one moment, made while the guest runs; twice is once; a guest made from it has its content")
    void copyIsPointInTime() throws Exception {
        GuestDisks disks = bench().disks();
        Host host = bench().host();
        InstanceId id = bench().created();
        bench().mark(host, id, OLD);
        connection().startGuest(bench().context(), id);
        bench().awaitPower(host, id, PowerState.RUNNING);
        DiskCopy copy = disks.copy(bench().context(), id, "copy-1");
        assertPower(host, id, PowerState.RUNNING);
        assertEquals("copy-1", copy.name());
        assertTrue(copy.format().isDisk(), "format");
        assertEquals(bench().spec(id).rootDisk(), copy.virtualSize());

        connection().powerOffGuest(bench().context(), id);
        bench().mark(host, id, NEW);
        assertEquals(copy, disks.copy(bench().context(), id, "copy-1"));
        try (InputStream content = disks.open(id, "copy-1")) {
            assertEquals(copy.contentBytes(), content.transferTo(OutputStream.nullOutputStream()));
        }

        Host other = bench().lastHost();
        InstanceId twin = bench().newId();
        GuestSpec spec = bench().largerSpec(twin);
        CopySource source = new CopySource(disks, id, copy);
        bench().cacheImages(other.connection());
        DriverBench.disks(other).createGuest(bench().context(), spec, source);
        DriverBench.disks(other).createGuest(bench().context(), spec, source);
        assertPower(other, twin, PowerState.SHUTDOWN);
        bench().assertMark(other, twin, OLD, "the twin's disk is the copy");
        bench().assertMark(host, id, NEW, "the guest's disk goes on");
        assertEquals(
                spec.rootDisk(),
                DriverBench.disks(other).copy(bench().context(), twin, "copy-2").virtualSize(),
                "grown to the size in the specification");
        other.connection().startGuest(bench().context(), twin);
        bench().awaitPower(other, twin, PowerState.RUNNING);
    }

    @Test
    @DisplayName("create from content: one that breaks off leaves nothing, whether it throws or just ends")
    void brokenContentLeavesNothing() throws IOException {
        GuestDisks disks = bench().disks();
        InstanceId id = bench().created();
        DiskCopy copy = disks.copy(bench().context(), id, "whole");
        InstanceId broken = bench().newId();
        for (boolean throwing : new boolean[] {true, false}) {
            CutSource source = new CutSource(new CopySource(disks, id, copy), throwing);
            assertThrows(IOException.class, () -> disks.createGuest(bench().context(), bench().spec(broken), source));
            assertTrue(connection().guest(broken).isEmpty(), "guest");
            assertEquals(Set.of(), DriverBench.disks(bench().host(), broken), "disks");
        }
        disks.createGuest(bench().context(), bench().spec(broken), new CopySource(disks, id, copy));
        assertPower(bench().host(), broken, PowerState.SHUTDOWN);
    }

    @Test
    @DisplayName("copy: an unknown guest or copy is not found, a bad name is refused, and nothing is made")
    void copyNeedsGuestAndName() {
        GuestDisks disks = bench().disks();
        InstanceId unknown = InstanceId.random();
        assertThrows(NotFound.class, () -> disks.copy(bench().context(), unknown, "copy-1"));
        assertThrows(NotFound.class, () -> disks.restore(bench().context(), unknown, "copy-1"));
        assertThrows(NotFound.class, () -> disks.rebuild(bench().context(), bench().spec(unknown)));
        InstanceId id = bench().created();
        assertThrows(NotFound.class, () -> disks.open(id, "copy-1").close());
        assertThrows(NotFound.class, () -> disks.restore(bench().context(), id, "copy-1"));
        for (String bad : new String[] {"", "../copy", "Copy", "a b", "c".repeat(64)}) {
            assertThrows(ComputeException.class, () -> disks.copy(bench().context(), id, bad), bad);
        }
        assertEquals(Set.of(new GuestDisk(id, Optional.empty(), true)), DriverBench.disks(bench().host(), id));
    }

    @Test
    @DisplayName("restore: the copy becomes the root disk and is no copy any more; once for each operation")
    void restoreTakesTheCopy() throws Exception {
        GuestDisks disks = bench().disks();
        Host host = bench().host();
        InstanceId id = bench().created();
        bench().mark(host, id, OLD);
        disks.copy(bench().context(), id, "before");
        bench().mark(host, id, NEW);
        connection().startGuest(bench().context(), id);
        bench().awaitPower(host, id, PowerState.RUNNING);
        assertThrows(InvalidState.class, () -> disks.restore(bench().context(), id, "before"));
        connection().powerOffGuest(bench().context(), id);
        bench().assertMark(host, id, NEW, "the guest was on: nothing happened");

        CallContext operation = bench().context(OperationId.random(), 2);
        disks.restore(operation, id, "before");
        bench().assertMark(host, id, OLD, "the disk is the copy");
        assertEquals(Set.of(new GuestDisk(id, Optional.empty(), true)), DriverBench.disks(host, id));
        bench().mark(host, id, NEW);
        disks.restore(operation, id, "before");
        bench().assertMark(host, id, NEW, "the operation had done it");
        disks.copy(bench().context(OperationId.random(), 2), id, "before");
        connection().startGuest(operation, id);
        bench().awaitPower(host, id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("rebuild: a fresh disk from the image and the new size; once for each operation; refused while on")
    void rebuildMakesFreshDisk() throws Exception {
        GuestDisks disks = bench().disks();
        Host host = bench().host();
        InstanceId id = bench().created();
        bench().mark(host, id, OLD);
        CallContext operation = bench().context(OperationId.random(), 2);
        GuestSpec large = bench().largerSpec(id);
        disks.rebuild(operation, large);
        bench().assertNoMark(host, id, OLD, "the disk is fresh");
        bench().fixture()
                .memory(host.endpoint(), id)
                .ifPresent(memory -> assertEquals(large.flavor().memory(), memory, "its memory"));
        bench().mark(host, id, NEW);
        disks.rebuild(operation, large);
        bench().assertMark(host, id, NEW, "the operation had done it");
        assertEquals(Set.of(new GuestDisk(id, Optional.empty(), true)), DriverBench.disks(host, id));

        connection().startGuest(operation, id);
        bench().awaitPower(host, id, PowerState.RUNNING);
        assertThrows(
                InvalidState.class, () -> disks.rebuild(bench().context(OperationId.random(), 2), bench().spec(id)));
        assertPower(host, id, PowerState.RUNNING);
    }
}
