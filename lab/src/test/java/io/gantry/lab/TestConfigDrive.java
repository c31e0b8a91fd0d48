package io.gantry.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A config drive, as small as it can be: an ISO 9660 image without extensions, whose names Linux shows in lower case, with
 * these files in {@code openstack/latest}.
 */
record TestConfigDrive(Map<String, byte[]> files) {
    private static final int SECTOR = 2048;
    private static final int VOLUME = 16;
    private static final int ROOT = 18;
    private static final int OPENSTACK = 19;
    private static final int LATEST = 20;
    private static final int FILES = 21;

    byte[] image() {
        List<byte[]> latest = new ArrayList<>();
        Map<Integer, byte[]> contents = new TreeMap<>();
        int next = FILES;
        for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
            byte[] content = file.getValue();
            String name = file.getKey().toUpperCase(Locale.ROOT);
            latest.add(entry((name.contains(".") ? name : name + ".") + ";1", next, content.length, 0));
            contents.put(next, content);
            next += (content.length + SECTOR - 1) / SECTOR;
        }
        contents.put(VOLUME, volume(next));
        contents.put(VOLUME + 1, descriptor(255));
        contents.put(ROOT, directory(ROOT, ROOT, List.of(subdirectory("OPENSTACK", OPENSTACK))));
        contents.put(OPENSTACK, directory(OPENSTACK, ROOT, List.of(subdirectory("LATEST", LATEST))));
        contents.put(LATEST, directory(LATEST, OPENSTACK, latest));
        byte[] image = new byte[next * SECTOR];
        contents.forEach((sector, content) -> System.arraycopy(content, 0, image, sector * SECTOR, content.length));
        return image;
    }

    private static byte[] descriptor(int type) {
        byte[] descriptor = new byte[SECTOR];
        ByteBuffer.wrap(descriptor)
                .put(0, (byte) type)
                .put(1, "CD001".getBytes(US_ASCII))
                .put(6, (byte) 1);
        return descriptor;
    }

    private static byte[] volume(int sectors) {
        byte[] descriptor = descriptor(1);
        ByteBuffer volume = ByteBuffer.wrap(descriptor);
        byte[] label = new byte[32];
        Arrays.fill(label, (byte) ' ');
        System.arraycopy("config-2".getBytes(US_ASCII), 0, label, 0, 8);
        volume.put(40, label);
        volume.put(80, both(sectors));
        for (int number = 120; number < 128; number += 4) { // volumes in the set, number of this one
            volume.put(number, both((short) 1));
        }
        volume.put(128, both((short) SECTOR));
        volume.put(156, subdirectory("\0", ROOT));
        volume.put(881, (byte) 1);
        return descriptor;
    }

    private static byte[] directory(int sector, int parent, List<byte[]> entries) {
        ByteBuffer directory =
                ByteBuffer.allocate(SECTOR).put(subdirectory("\0", sector)).put(subdirectory("\1", parent));
        entries.forEach(directory::put);
        return directory.array();
    }

    private static byte[] subdirectory(String name, int sector) {
        return entry(name, sector, SECTOR, 2);
    }

    private static byte[] entry(String name, int sector, int size, int flags) {
        int length = 33 + name.length() + (33 + name.length()) % 2;
        return ByteBuffer.allocate(length)
                .put(0, (byte) length)
                .put(2, both(sector))
                .put(10, both(size))
                .put(25, (byte) flags)
                .put(28, both((short) 1))
                .put(32, (byte) name.length())
                .put(33, name.getBytes(US_ASCII))
                .array();
    }

    /** Numbers are there twice, in either byte order. */
    private static byte[] both(int number) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .order(ByteOrder.BIG_ENDIAN)
                .putInt(number)
                .array();
    }

    private static byte[] both(short number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(number)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(number)
                .array();
    }
}
