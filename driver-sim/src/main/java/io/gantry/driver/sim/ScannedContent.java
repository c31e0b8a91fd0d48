package io.gantry.driver.sim;

import io.gantry.image.DiskFormat;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A stream that was read to its end.
 *
 * @param size its bytes
 * @param checksum their SHA-256
 * @param raw what it is as a raw disk
 */
record ScannedContent(long size, String checksum, DiskContent raw) {
    /** Reads a stream to its end; the caller closes it. */
    static ScannedContent read(InputStream content) throws IOException {
        MessageDigest digest = sha256();
        NavigableMap<Integer, byte[]> blocks = new TreeMap<>();
        long size = 0;
        byte[] block = new byte[0];
        while (true) {
            boolean kept = size / DiskContent.BLOCK_BYTES < DiskContent.BLOCKS;
            block = kept ? new byte[DiskContent.BLOCK_BYTES] : block;
            int read = content.readNBytes(block, 0, block.length);
            digest.update(block, 0, read);
            if (read > 0 && kept) {
                blocks.put((int) (size / block.length), block);
            }
            size += read;
            if (read < block.length) {
                return new ScannedContent(size, HexFormat.of().formatHex(digest.digest()), DiskContent.of(blocks));
            }
        }
    }

    /** The disk that it describes. Only raw disks are taken apart; any other is known by its checksum alone. */
    DiskContent disk(DiskFormat format) {
        return format == DiskFormat.RAW ? raw : DiskContent.ofText("content of " + format + " " + checksum + "\n");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
