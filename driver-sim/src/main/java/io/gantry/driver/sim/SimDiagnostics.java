package io.gantry.driver.sim;

import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.MemoryActivity;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a simulated hypervisor tells of a guest: its vCPUs are never idle, and its disks are not read or written. */
final class SimDiagnostics {
    private SimDiagnostics() {}

    /** The figures of a guest that is on and has run for so long. */
    static InstanceDiagnostics of(Guest guest, Duration ran) {
        MemorySize memory = guest.spec().flavor().memory();
        return new InstanceDiagnostics(
                guest.state().power(),
                SimDriver.NAME,
                SimDriver.NAME,
                Optional.of(ran),
                IntStream.range(0, guest.spec().flavor().vcpus())
                        .mapToObj(id -> new InstanceDiagnostics.Cpu(id, Optional.of(ran)))
                        .toList(),
                new InstanceDiagnostics.Memory(memory, memory, Optional.empty()),
                disks(guest.inRescue()));
    }

    /** How a guest uses its memory; empty if it is off. */
    static Optional<MemoryActivity> memoryActivity(Optional<Guest> found) {
        return found.flatMap(guest -> {
            guest.lock.lock();
            try {
                return guest.on() ? Optional.of(memoryActivity(guest)) : Optional.empty();
            } finally {
                guest.lock.unlock();
            }
        });
    }

    private static MemoryActivity memoryActivity(Guest guest) {
        long resident = (long) guest.ram().table().present() * Workload.PAGE_BYTES;
        boolean runs = guest.state().power() == PowerState.RUNNING;
        Workload workload = guest.workload();
        return new MemoryActivity(
                new MemorySize(resident),
                new Bandwidth(runs ? workload.bytesPerSecond() : 0),
                new MemorySize((long) workload.workingSetPages() * Workload.PAGE_BYTES));
    }

    private static List<InstanceDiagnostics.Disk> disks(boolean rescued) {
        return Stream.of("vda", "vdb")
                .limit(rescued ? 2 : 1)
                .map(device ->
                        new InstanceDiagnostics.Disk(device, DiskSize.ZERO, 0, DiskSize.ZERO, 0, OptionalLong.empty()))
                .toList();
    }
}
