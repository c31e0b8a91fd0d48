package io.gantry.spi.driver;

import io.gantry.image.DiskFormat;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.io.InputStream;

/** The content of a disk, and the way to it. */
public interface DiskSource {
    /** {@return the format of the content} */
    DiskFormat format();

    /** {@return the size of the disk that the content describes} */
    DiskSize virtualSize();

    /** {@return how many bytes the content has} */
    long contentBytes();

    /**
     * Opens the content; the caller closes it.
     *
     * @return the content from its first byte
     * @throws IOException if it cannot be read
     */
    InputStream open() throws IOException;
}
