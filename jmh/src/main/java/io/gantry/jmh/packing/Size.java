package io.gantry.jmh.packing;

/**
 * vCPUs, memory and disk: what a host has or an instance needs.
 *
 * @param vcpus vCPUs
 * @param memory GiB
 * @param disk GiB
 */
record Size(int vcpus, int memory, int disk) {
    boolean fits(Size room) {
        return vcpus <= room.vcpus && memory <= room.memory && disk <= room.disk;
    }

    Size less(Size other) {
        return new Size(vcpus - other.vcpus, memory - other.memory, disk - other.disk);
    }
}
