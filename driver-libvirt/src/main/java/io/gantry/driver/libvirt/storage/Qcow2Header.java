package io.gantry.driver.libvirt.storage;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What the first bytes of a QCOW2 file say.
 *
 * @param virtualSize bytes of the disk
 * @param standsAlone whether it needs no other file
 */
record Qcow2Header(long virtualSize, boolean standsAlone) {
    /** How many bytes to read. */
    static final int LENGTH = 104;

    private static final int MAGIC = 0x514649fb; // QFI and 0xFB
    private static final int SHORTEST = 72;
    private static final long EXTERNAL_DATA = 1 << 2;

    /** {@return the header in the first bytes of a file; empty if it has none} */
    static Optional<Qcow2Header> parse(byte[] start) {
        if (start.length < SHORTEST) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(start);
        int version = header.getInt(4);
        if (header.getInt(0) != MAGIC || version < 2 || version > 3) {
            return Optional.empty();
        }
        boolean backed = header.getLong(8) != 0;
        boolean split = version == 3 && start.length >= LENGTH && (header.getLong(SHORTEST) & EXTERNAL_DATA) != 0;
        return Optional.of(new Qcow2Header(header.getLong(24), !backed && !split));
    }
}
