package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidState;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestEvent.Kind;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The part of the driver contract that is about guests that sleep, get another size, or are rescued. */
abstract class GuestFormSpecifications extends GuestSystemSpecifications {
    private static final long MARK = 0x47616e747279L;

    GuestFormSpecifications() {}

    @Test
    @DisplayName("suspend and resume: SUSPENDED between, memory is kept, and each one twice is once")
    void suspendKeepsMemory() throws Exception {
        bench().need(DriverCapability.SUSPEND);
        InstanceId id = bench().running();
        bench().fixture().awaitBoot(bench().host().endpoint(), id);
        Optional<String> before = memoryMark(id);
        connection().suspendGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SUSPENDED);
        connection().suspendGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SUSPENDED);
        bench().awaitEvents(bench().host(), id, Kind.STARTED, Kind.STOPPED);

        connection().resumeGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        connection().resumeGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.RUNNING);
        assertEquals(before, memoryMark(id), "what the guest knows from its memory");
        bench().awaitEvents(bench().host(), id, Kind.STARTED, Kind.STOPPED, Kind.STARTED);
    }

    @Test
    @DisplayName(
            "suspend: a guest is on, off or suspended, and refuses what is for another; power off discards the memory")
    void suspendedIsNeitherOnNorOff() {
        bench().need(DriverCapability.SUSPEND);
        InstanceId id = bench().created();
        assertThrows(InvalidState.class, () -> connection().suspendGuest(bench().context(), id));
        assertThrows(InvalidState.class, () -> connection().resumeGuest(bench().context(), id));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);

        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        connection().suspendGuest(bench().context(), id);
        assertThrows(InvalidState.class, () -> connection().startGuest(bench().context(), id));
        if (bench().can(DriverCapability.RESIZE)) {
            assertThrows(InvalidState.class, () -> connection().resizeGuest(bench().context(), bench().largerSpec(id)));
        }
        if (bench().can(DriverCapability.RESCUE)) {
            assertThrows(InvalidState.class, () -> connection().rescueGuest(bench().context(), bench().rescueSpec(id)));
        }
        assertPower(bench().host(), id, PowerState.SUSPENDED);
        connection().powerOffGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        assertThrows(InvalidState.class, () -> connection().resumeGuest(bench().context(), id));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
    }

    @Test
    @DisplayName("resize: memory and disk grow, the disk never shrinks, what it holds stays; one that is on is refused")
    void resizeChangesTheSize() throws Exception {
        bench().need(DriverCapability.RESIZE);
        InstanceId id = bench().created();
        GuestSpec small = bench().spec(id);
        GuestSpec large = bench().largerSpec(id);
        bench().mark(bench().host(), id, MARK);
        connection().resizeGuest(bench().context(), large);
        connection().resizeGuest(bench().context(), large);
        assertMemory(id, large.flavor().memory());
        assertDisk(id, "large", large.rootDisk());
        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        assertThrows(InvalidState.class, () -> connection().resizeGuest(bench().context(), small));
        assertPower(bench().host(), id, PowerState.RUNNING);
        assertMemory(id, large.flavor().memory());

        connection().powerOffGuest(bench().context(), id);
        connection().resizeGuest(bench().context(), small);
        assertMemory(id, small.flavor().memory());
        assertDisk(id, "small", large.rootDisk());
        bench().assertMark(bench().host(), id, MARK, "the disk was resized, not replaced");
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
    }

    @Test
    @DisplayName("rescue and unrescue: on and off in turn, each one twice is once, the guest's own disk is kept")
    void rescueGivesAnotherForm() throws Exception {
        bench().need(DriverCapability.RESCUE);
        InstanceId id = bench().created();
        RescueSpec rescue = bench().rescueSpec(id);
        bench().mark(bench().host(), id, MARK);
        connection().rescueGuest(bench().context(), rescue);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        connection().rescueGuest(bench().context(), rescue);
        assertPower(bench().host(), id, PowerState.RUNNING);

        connection().unrescueGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        connection().unrescueGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        bench().assertMark(bench().host(), id, MARK, "its own disk is the root disk again");

        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        assertThrows(InvalidState.class, () -> connection().rescueGuest(bench().context(), rescue));
        connection().unrescueGuest(bench().context(), id);
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    private Optional<String> memoryMark(InstanceId id) throws Exception {
        return bench().fixture().memoryMark(bench().host().endpoint(), id);
    }

    private void assertMemory(InstanceId id, MemorySize expected) throws Exception {
        bench().fixture()
                .memory(bench().host().endpoint(), id)
                .ifPresent(memory -> assertEquals(expected, memory, "the guest's memory"));
    }

    /** A copy tells the size of the disk, where the driver can make one. */
    private void assertDisk(InstanceId id, String copy, DiskSize expected) {
        if (bench().can(DriverCapability.DISKS)) {
            assertEquals(
                    expected,
                    bench().disks().copy(bench().context(), id, copy).virtualSize(),
                    "the size of the guest's disk");
        }
    }
}
