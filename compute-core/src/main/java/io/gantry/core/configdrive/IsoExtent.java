package io.gantry.core.configdrive;

/**
 * Where something is in an {@link IsoImage}.
 *
 * @param sector its first sector
 * @param bytes its length
 */
record IsoExtent(int sector, int bytes) {
    static final int SECTOR = 2048;

    /** {@return the first sector behind it} */
    int end() {
        return sector + sectors(bytes);
    }

    static int sectors(int bytes) {
        return (bytes + SECTOR - 1) / SECTOR;
    }
}
