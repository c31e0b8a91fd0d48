package io.gantry.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.image.DiskFormat;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Content that is not what it is declared to be, or refers to other files, is refused. */
final class ImageInspectorTest {
    private static final int MAGIC = 0x514649fb;

    @TempDir
    private Path directory;

    @Test
    void aQcow2TellsItsVirtualSize() throws IOException {
        assertEquals(DiskSize.gib(10), inspect(DiskFormat.QCOW2, qcow2(3)));
    }

    @Test
    void aRawDiskIsRoundedUpToSectors() throws IOException {
        assertEquals(new DiskSize(1024), inspect(DiskFormat.RAW, new byte[513]));
        assertEquals(new DiskSize(512), inspect(DiskFormat.RAW, new byte[512]));
    }

    @Test
    void aBackingFileIsRefused() {
        assertRefused("backing file", DiskFormat.QCOW2, qcow2(3).putLong(8, 104));
    }

    @Test
    void anExternalDataFileIsRefused() {
        assertRefused("another file", DiskFormat.QCOW2, qcow2(3).putLong(72, 1L << 2));
    }

    @Test
    void unknownFeaturesAreRefused() {
        assertRefused("unknown features 0x200", DiskFormat.QCOW2, qcow2(3).putLong(72, 1L << 9));
    }

    @Test
    void encryptionIsRefused() {
        assertRefused("encrypted", DiskFormat.QCOW2, qcow2(3).putInt(32, 1));
    }

    @Test
    void otherVersionsAreRefused() {
        assertRefused("version 1", DiskFormat.QCOW2, qcow2(1));
        assertRefused("version 4", DiskFormat.QCOW2, qcow2(4));
    }

    @Test
    void absurdSizesAreRefused() {
        assertRefused("virtual size", DiskFormat.QCOW2, qcow2(3).putLong(24, -1));
        assertRefused("virtual size", DiskFormat.QCOW2, qcow2(3).putLong(24, 0));
    }

    @Test
    void truncatedHeadersAreRefused() {
        for (int length = 1; length < 104; length++) {
            byte[] cut = Arrays.copyOf(qcow2(3).array(), length);
            assertThrows(InvalidRequest.class, () -> inspect(DiskFormat.QCOW2, cut), "cut to " + length);
        }
    }

    @ParameterizedTest
    @EnumSource(DiskFormat.class)
    void emptyContentIsRefused(DiskFormat format) {
        assertThrows(InvalidRequest.class, () -> inspect(format, new byte[0]));
    }

    @ParameterizedTest
    @EnumSource(value = DiskFormat.class, names = "QCOW2", mode = EnumSource.Mode.EXCLUDE)
    void aQcow2OrVmdkUnderAnotherNameIsRefused(DiskFormat format) {
        assertRefused("another format", format, qcow2(3));
        assertRefused("another format", format, ByteBuffer.wrap("KDMV....".getBytes(StandardCharsets.US_ASCII)));
    }

    private static ByteBuffer qcow2(int version) {
        return ByteBuffer.allocate(512)
                .putInt(0, MAGIC)
                .putInt(4, version)
                .putLong(24, DiskSize.gib(10).bytes());
    }

    private void assertRefused(String why, DiskFormat format, ByteBuffer content) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> inspect(format, content));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertEquals("image.content", refused.field());
    }

    private DiskSize inspect(DiskFormat format, ByteBuffer content) throws IOException {
        byte[] bytes = new byte[content.capacity()];
        content.get(0, bytes);
        return inspect(format, bytes);
    }

    private DiskSize inspect(DiskFormat format, byte[] content) throws IOException {
        return ImageInspector.inspect(format, Files.write(directory.resolve("content"), content));
    }
}
