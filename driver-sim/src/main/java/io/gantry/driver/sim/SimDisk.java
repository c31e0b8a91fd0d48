package io.gantry.driver.sim;

import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.unit.DiskSize;

/**
 * The root disk of a {@link SimGuest}, as the guest reads and writes it, on or off: blocks of 4 KiB, of which the first
 * 16 MiB hold what is written. A disk made of a raw image begins as that; one made of any other image begins with a line
 * that names the image's checksum.
 */
public final class SimDisk {
    private final SimGuest guest;

    SimDisk(SimGuest guest) {
        this.guest = guest;
    }

    /**
     * {@return the first 8 bytes of a block, the most significant first; 0 if nobody wrote it}
     *
     * @param block index of the block, from 0
     * @throws InvalidRequest if the disk has no such block
     * @throws HypervisorError if the disk is gone, removed from storage that hosts share
     */
    public long read(int block) {
        Disk disk = guest.rootDisk();
        check(disk, block);
        return disk.content().value(block);
    }

    /**
     * Writes a block.
     *
     * @param block index of the block, from 0
     * @param value its first 8 bytes, from which the others follow; 0 for a block of zeros
     * @throws InvalidRequest if the disk has no such block
     * @throws HypervisorError if the disk is gone, removed from storage that hosts share
     */
    public void write(int block, long value) {
        guest.changeRootDisk(disk -> {
            check(disk, block);
            return disk.with(block, value);
        });
    }

    /** {@return the size that the guest sees} */
    public DiskSize size() {
        return guest.rootDisk().size();
    }

    private static void check(Disk disk, int block) {
        long blocks = Math.min(disk.size().bytes() / DiskContent.BLOCK_BYTES, DiskContent.BLOCKS);
        if (block < 0 || block >= blocks) {
            throw new InvalidRequest(
                    "block", block, "is not on the disk of " + disk.size(), "Give one from 0 to " + (blocks - 1));
        }
    }
}
