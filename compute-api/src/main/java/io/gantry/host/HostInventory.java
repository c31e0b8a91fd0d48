package io.gantry.host;

import io.gantry.topology.HostTopology;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Set;

/**
 * What a host has, as its driver reads it.
 *
 * @param hostname the host's own name
 * @param architecture processor architecture as QEMU names it, such as {@code x86_64}
 * @param hypervisorType such as {@code kvm}, {@code qemu}, {@code xen} or {@code sim}
 * @param hypervisorVersion the hypervisor's version, such as {@code 7.2.22}
 * @param vcpus processors that can run guests, 1 or more
 * @param memory memory in all
 * @param disk space for guests' local disks in all
 * @param capabilities what the driver can do there: names of {@code DriverCapability}
 * @param topology its NUMA cells and PCI devices; {@link HostTopology#UNKNOWN} where the driver cannot tell
 */
public record HostInventory(
        String hostname,
        String architecture,
        String hypervisorType,
        String hypervisorVersion,
        int vcpus,
        MemorySize memory,
        DiskSize disk,
        Set<String> capabilities,
        HostTopology topology) {
    /**
     * Copies the capabilities.
     *
     * @param hostname see the record
     * @param architecture see the record
     * @param hypervisorType see the record
     * @param hypervisorVersion see the record
     * @param vcpus see the record
     * @param memory see the record
     * @param disk see the record
     * @param capabilities see the record
     * @param topology see the record
     */
    public HostInventory {
        capabilities = Set.copyOf(capabilities);
    }

    /**
     * Creates the inventory of a host of whose topology nothing is known.
     *
     * @param hostname see the record
     * @param architecture see the record
     * @param hypervisorType see the record
     * @param hypervisorVersion see the record
     * @param vcpus see the record
     * @param memory see the record
     * @param disk see the record
     * @param capabilities see the record
     */
    public HostInventory(
            String hostname,
            String architecture,
            String hypervisorType,
            String hypervisorVersion,
            int vcpus,
            MemorySize memory,
            DiskSize disk,
            Set<String> capabilities) {
        this(
                hostname,
                architecture,
                hypervisorType,
                hypervisorVersion,
                vcpus,
                memory,
                disk,
                capabilities,
                HostTopology.UNKNOWN);
    }
}
