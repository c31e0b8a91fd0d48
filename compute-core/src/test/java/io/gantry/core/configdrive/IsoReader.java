package io.gantry.core.configdrive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Reads one tree of an image, by the standard's offsets, and fails where its two byte orders disagree. */
public final class IsoReader {
    private static final int SECTOR = 2048;

    private final byte[] image;
    private final int descriptor;
    private final Charset charset;
    private final Map<String, byte[]> files = new TreeMap<>();

    private IsoReader(byte[] image, int type) {
        this.image = image;
        this.charset = type == 1 ? StandardCharsets.US_ASCII : StandardCharsets.UTF_16BE;
        int sector = 16;
        while (image[sector * SECTOR] != type) {
            assertEquals("CD001", new String(image, sector * SECTOR + 1, 5, StandardCharsets.US_ASCII));
            sector++;
        }
        this.descriptor = sector * SECTOR;
    }

    public static IsoReader primary(byte[] image) {
        return new IsoReader(image, 1);
    }

    public static IsoReader joliet(byte[] image) {
        return new IsoReader(image, 2);
    }

    String label() {
        return new String(image, descriptor + 40, 32, charset).strip();
    }

    long bytes() {
        return (long) both32(descriptor + 80) * SECTOR;
    }

    public Map<String, byte[]> files() {
        directory(descriptor + 156, "");
        return files;
    }

    private void directory(int record, String path) {
        int start = both32(record + 2) * SECTOR;
        int end = start + both32(record + 10);
        int at = start;
        int number = 0;
        while (at < end) {
            int length = image[at] & 0xff;
            if (length == 0) {
                at = (at / SECTOR + 1) * SECTOR; // the rest of the sector is empty
                continue;
            }
            if (number++ >= 2) { // the first two are the directory itself and its parent
                String name = path + new String(image, at + 33, image[at + 32] & 0xff, charset);
                if ((image[at + 25] & 2) != 0) {
                    directory(at, name + "/");
                } else {
                    int content = both32(at + 2) * SECTOR;
                    files.put(name, Arrays.copyOfRange(image, content, content + both32(at + 10)));
                }
            }
            at += length;
        }
    }

    /** {@return the names of a path table with their parents' numbers, in its order} */
    String pathTable(ByteOrder order) {
        ByteBuffer buffer = ByteBuffer.wrap(image).order(order);
        int at = buffer.getInt(descriptor + (order == ByteOrder.LITTLE_ENDIAN ? 140 : 148)) * SECTOR;
        int end = at + both32(descriptor + 132);
        StringBuilder names = new StringBuilder();
        while (at < end) {
            int length = image[at] & 0xff;
            names.append(buffer.getShort(at + 6))
                    .append('/')
                    .append(length == 1 && image[at + 8] == 0 ? "" : new String(image, at + 8, length, charset))
                    .append(' ');
            at += 8 + length + (length & 1);
        }
        return names.toString();
    }

    private int both32(int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(image);
        int little = buffer.order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
        assertEquals(little, buffer.order(ByteOrder.BIG_ENDIAN).getInt(offset + 4));
        return little;
    }
}
