package io.gantry.spi.driver;

import io.gantry.error.InvalidRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;

/**
 * What tells a guest's cloud-init who it is: a file system of its own, which the guest sees as a read-only device, as
 * OpenStack's config drive is. It may hold secrets of the instance's owner. Immutable.
 */
public final class ConfigDrive {
    /** The volume label by which guests find it. */
    public static final String LABEL = "config-2";

    private static final int SECTOR = 2048;

    /** Packed: most of it is padding, and drivers of many guests may keep it. */
    private final byte[] packed;

    private final int bytes;

    /**
     * Wraps a file system.
     *
     * @param image an ISO 9660 image with {@link #LABEL}: whole sectors of 2,048 bytes, at least one
     * @throws InvalidRequest if it has another length
     */
    public ConfigDrive(byte[] image) {
        if (image.length == 0 || image.length % SECTOR != 0) {
            throw new InvalidRequest(
                    "configDrive.image",
                    image.length + " bytes",
                    "must be one or more whole sectors of 2,048 bytes",
                    "Give an ISO 9660 image");
        }
        this.packed = packed(image);
        this.bytes = image.length;
    }

    private static byte[] packed(byte[] image) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(image);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] part = new byte[SECTOR];
            while (!deflater.finished()) {
                packed.write(part, 0, deflater.deflate(part));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /** {@return how many bytes it has} */
    public int bytes() {
        return bytes;
    }

    /** {@return its content} */
    public InputStream open() {
        return new InflaterInputStream(new ByteArrayInputStream(packed));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigDrive drive && Arrays.equals(packed, drive.packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }

    /** {@return its length; not its content} */
    @Override
    public String toString() {
        return "ConfigDrive[" + bytes + " bytes]";
    }
}
