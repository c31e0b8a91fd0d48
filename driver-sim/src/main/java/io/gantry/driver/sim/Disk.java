package io.gantry.driver.sim;

import io.gantry.image.DiskFormat;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.unit.DiskSize;

/**
 * A disk as it is at one moment.
 *
 * @param content what it holds
 * @param size the size that its guest sees
 * @param origin how it came into its place
 */
record Disk(DiskContent content, DiskSize size, Origin origin) {
    private static final int SECTOR = 512;

    /**
     * How a disk came into its place, by which a call that is repeated is known.
     *
     * @param operation the operation that put it there
     * @param how what was done
     */
    record Origin(OperationId operation, String how) {}

    Disk with(int block, long value) {
        return new Disk(content.with(block, value), size, origin);
    }

    Disk grownTo(DiskSize least) {
        return size.compareTo(least) >= 0 ? this : new Disk(content, least, origin);
    }

    Disk from(Origin changed) {
        return new Disk(content, size, changed);
    }

    /** How many bytes its content has as a raw file, whose end it does not need to hold where that is zeros. */
    long contentBytes() {
        long used = Math.max(content.extent(), DiskContent.BLOCK_BYTES);
        return Math.min(used, Math.max(size.bytes(), SECTOR));
    }

    DiskCopy describe(String name) {
        return new DiskCopy(name, DiskFormat.RAW, size, contentBytes());
    }
}
