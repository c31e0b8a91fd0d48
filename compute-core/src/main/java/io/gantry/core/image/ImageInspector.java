package io.gantry.core.image;

import io.gantry.error.InvalidRequest;
import io.gantry.image.DiskFormat;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds content against its declared format, and refuses content that would make a hypervisor read other files. The
 * format of qcow2 is QEMU's {@code docs/interop/qcow2.txt}.
 */
final class ImageInspector {
    private static final int QCOW2_MAGIC = 0x514649fb;
    private static final int VMDK_MAGIC = 0x4b444d56;
    private static final int HEADER = 104;
    private static final int SECTOR = 512;
    private static final long EXTERNAL_DATA_FILE = 1L << 2;
    private static final long KNOWN_INCOMPATIBLE = 0x1f;
    private static final String FIELD = "image.content";

    private ImageInspector() {}

    /**
     * {@return the size of the disk that a guest sees}
     *
     * @throws InvalidRequest if the content is not what was declared, or refers to another file
     */
    static DiskSize inspect(DiskFormat format, Path content) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        long size;
        try (FileChannel channel = FileChannel.open(content, StandardOpenOption.READ)) {
            size = channel.size();
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // Until the header is whole or the file ends.
            }
        }
        if (size == 0) {
            throw refused(format, "is empty", "Give a file with content");
        }
        header.flip();
        return format == DiskFormat.QCOW2 ? qcow2(header) : plain(format, header, size);
    }

    private static DiskSize plain(DiskFormat format, ByteBuffer header, long size) {
        if (header.remaining() >= 4 && (header.getInt(0) == QCOW2_MAGIC || header.getInt(0) == VMDK_MAGIC)) {
            throw refused(format, "begins like a disk of another format", "Declare the format that the file has");
        }
        return new DiskSize(size + (SECTOR - size % SECTOR) % SECTOR);
    }

    private static DiskSize qcow2(ByteBuffer header) {
        if (header.remaining() < 72 || header.getInt(0) != QCOW2_MAGIC) {
            throw refused(DiskFormat.QCOW2, "has no qcow2 header", "Declare the format that the file has");
        }
        int version = header.getInt(4);
        if (version != 2 && version != 3) {
            throw refused(DiskFormat.QCOW2, "has qcow2 version " + version, "Convert it to version 3");
        }
        if (header.getLong(8) != 0) {
            throw refused(DiskFormat.QCOW2, "refers to a backing file", "Flatten it into one file");
        }
        long size = header.getLong(24);
        if (size <= 0) {
            throw refused(DiskFormat.QCOW2, "has a virtual size of " + size, "Give a disk with a size");
        }
        if (header.getInt(32) != 0) {
            throw refused(DiskFormat.QCOW2, "is encrypted", "Convert it to an unencrypted one");
        }
        if (version == 3) {
            checkFeatures(header);
        }
        return new DiskSize(size);
    }

    private static void checkFeatures(ByteBuffer header) {
        if (header.remaining() < HEADER) {
            throw refused(DiskFormat.QCOW2, "ends within its header", "Give the whole file");
        }
        long incompatible = header.getLong(72);
        if ((incompatible & EXTERNAL_DATA_FILE) != 0) {
            throw refused(DiskFormat.QCOW2, "keeps its data in another file", "Flatten it into one file");
        }
        if ((incompatible & ~KNOWN_INCOMPATIBLE) != 0) {
            throw refused(
                    DiskFormat.QCOW2,
                    "needs unknown features 0x" + Long.toHexString(incompatible),
                    "Convert it with compat=1.1");
        }
    }

    private static InvalidRequest refused(DiskFormat format, String problem, String remediation) {
        return new InvalidRequest(FIELD, "declared as " + format, problem, remediation);
    }
}
