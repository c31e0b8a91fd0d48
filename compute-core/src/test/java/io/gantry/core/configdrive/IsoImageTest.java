package io.gantry.core.configdrive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoImageTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bothTreesHaveTheFiles() {
        byte[] image =
                IsoImage.write("config-2", Map.of("a/b/meta_data.json", bytes("{}"), "a/b/user_data", bytes("#!")));

        IsoReader primary = IsoReader.primary(image);
        IsoReader joliet = IsoReader.joliet(image);
        assertEquals("config-2", primary.label());
        assertEquals("config-2", joliet.label());
        assertEquals(image.length, primary.bytes());
        assertEquals(0, image.length % 4096);
        assertArrayEquals(bytes("{}"), primary.files().get("A/B/META_DATA.JSON;1"));
        assertArrayEquals(bytes("#!"), primary.files().get("A/B/USER_DATA.;1"));
        assertArrayEquals(bytes("{}"), joliet.files().get("a/b/meta_data.json;1"));
        assertArrayEquals(bytes("#!"), joliet.files().get("a/b/user_data;1"));
    }

    @Test
    void pathTablesListParentsFirst() {
        byte[] image = IsoImage.write("l", Map.of("b/c/f", bytes("1"), "a/d/f", bytes("2")));
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            assertEquals("1/ 1/a 1/b 2/d 3/c ", IsoReader.joliet(image).pathTable(order));
            assertEquals("1/ 1/A 1/B 2/D 3/C ", IsoReader.primary(image).pathTable(order));
        }
    }

    @Test
    void directoriesMayHaveSeveralSectors() {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            files.put("many/file_%03d_of_the_many.txt".formatted(i), bytes("content " + i));
        }
        byte[] image = IsoImage.write("config-2", files);
        Map<String, byte[]> found = IsoReader.joliet(image).files();
        assertEquals(300, found.size());
        files.forEach((name, content) -> assertArrayEquals(content, found.get(name + ";1")));
        assertEquals(300, IsoReader.primary(image).files().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2047, 2048, 2049, 49_149})
    void contentsOfAnyLength(int length) {
        byte[] content = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        byte[] image = IsoImage.write("config-2", Map.of("a/f", content, "a/g", bytes("after")));
        assertArrayEquals(content, IsoReader.joliet(image).files().get("a/f;1"));
        assertArrayEquals(bytes("after"), IsoReader.joliet(image).files().get("a/g;1"));
    }

    @Test
    void equalFilesYieldEqualImages() {
        assertArrayEquals(
                IsoImage.write("config-2", Map.of("a/f", bytes("1"))),
                IsoImage.write("config-2", Map.of("a/f", bytes("1"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "A", "a//b", "/a", "a/..", "a b", "_d/f", "a.b.c", "a-b", "a234567890123456789012345678"})
    void namesThatTheStandardsDoNotShareAreRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> IsoImage.write("config-2", Map.of(path, bytes(""))));
    }
}
