package io.gantry.jmh.packing;

/**
 * What is still to be placed, as far as it bounds what room is of use: a host takes no more memory and disk than its vCPUs
 * can come with, no more vCPUs than their memory and disk allow, and nothing if it is too small for the smallest instance.
 *
 * @param total the sum
 * @param least the least of each
 * @param leastMemory the least GiB of memory for each vCPU
 * @param mostMemory the most
 * @param leastDisk the least GiB of disk for each vCPU
 * @param mostDisk the most
 */
record Rest(Size total, Size least, double leastMemory, double mostMemory, double leastDisk, double mostDisk) {
    private static final int MUCH = Integer.MAX_VALUE;

    static final Rest NOTHING =
            new Rest(new Size(0, 0, 0), new Size(MUCH, MUCH, MUCH), Double.MAX_VALUE, 0, Double.MAX_VALUE, 0);

    /** {@return this, and one more instance} */
    Rest and(Size one) {
        double memory = (double) one.memory() / one.vcpus();
        double disk = (double) one.disk() / one.vcpus();
        return new Rest(
                new Size(total.vcpus() + one.vcpus(), total.memory() + one.memory(), total.disk() + one.disk()),
                new Size(
                        Math.min(least.vcpus(), one.vcpus()),
                        Math.min(least.memory(), one.memory()),
                        Math.min(least.disk(), one.disk())),
                Math.min(leastMemory, memory),
                Math.max(mostMemory, memory),
                Math.min(leastDisk, disk),
                Math.max(mostDisk, disk));
    }

    /** {@return false if it certainly does not fit} */
    boolean mayFit(Size[] rooms) {
        double vcpus = 0;
        double memory = 0;
        double disk = 0;
        for (Size room : rooms) {
            if (least.fits(room)) {
                vcpus += Math.min(room.vcpus(), Math.min(room.memory() / leastMemory, room.disk() / leastDisk));
                memory += Math.min(room.memory(), room.vcpus() * mostMemory);
                disk += Math.min(room.disk(), room.vcpus() * mostDisk);
            }
        }
        // Rounding must not rule out what fits exactly.
        double slack = 1e-6;
        return total.vcpus() <= vcpus + slack && total.memory() <= memory + slack && total.disk() <= disk + slack;
    }
}
