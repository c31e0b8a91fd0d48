package io.gantry.instance;

import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a hypervisor knows of a guest that is on: Nova's standardised diagnostics (API microversion 2.48). Counters begin
 * at 0 when the guest's hypervisor process starts, also on the target of a live migration. Immutable.
 *
 * @param state the guest's power state, {@link PowerState#RUNNING} or {@link PowerState#PAUSED}
 * @param driver name of the host's driver, such as {@code kvm}
 * @param hypervisor type of the host's hypervisor, such as {@code kvm} or {@code qemu}
 * @param uptime how long the guest has run since it was booted; empty if the hypervisor does not tell
 * @param cpus its vCPUs that are online, by id
 * @param memory its memory
 * @param disks its disks, in the order in which the hypervisor lists them
 */
public record InstanceDiagnostics(
        PowerState state,
        String driver,
        String hypervisor,
        Optional<Duration> uptime,
        List<Cpu> cpus,
        Memory memory,
        List<Disk> disks) {
    /**
     * Copies the lists.
     *
     * @param state see the record
     * @param driver see the record
     * @param hypervisor see the record
     * @param uptime see the record
     * @param cpus see the record
     * @param memory see the record
     * @param disks see the record
     */
    public InstanceDiagnostics {
        cpus = List.copyOf(cpus);
        disks = List.copyOf(disks);
    }

    /** {@return how many vCPUs are online} */
    public int numCpus() {
        return cpus.size();
    }

    /**
     * A vCPU.
     *
     * @param id its number, from 0
     * @param time how long it has run on the host's CPUs; empty if the hypervisor does not tell
     */
    public record Cpu(int id, Optional<Duration> time) {}

    /**
     * The memory.
     *
     * @param maximum the most that the guest can have
     * @param used what it has been given at present, as its balloon has it
     * @param available how much of that its own system could use without swapping; empty if the guest does not tell
     */
    public record Memory(MemorySize maximum, MemorySize used, Optional<MemorySize> available) {}

    /**
     * A disk.
     *
     * @param device the device that it is on the hypervisor, such as {@code vda}
     * @param read how much was read from it
     * @param readRequests how often something was read
     * @param written how much was written to it
     * @param writeRequests how often something was written
     * @param errors how many requests failed; empty if the hypervisor does not count them
     */
    public record Disk(
            String device,
            DiskSize read,
            long readRequests,
            DiskSize written,
            long writeRequests,
            OptionalLong errors) {}
}
