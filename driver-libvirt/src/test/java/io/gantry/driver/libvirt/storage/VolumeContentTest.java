package io.gantry.driver.libvirt.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.HostUnreachable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VolumeContentTest {
    private static final byte[] BYTES = new byte[9 << 20];

    static {
        new Random(7).nextBytes(BYTES);
    }

    private static byte[] piece(long offset, int length) {
        return Arrays.copyOfRange(BYTES, (int) offset, (int) Math.min(offset + length, BYTES.length));
    }

    @Test
    void theContentIsReadToItsEnd() throws IOException {
        try (VolumeContent content = new VolumeContent(BYTES.length, VolumeContentTest::piece)) {
            assertEquals(BYTES[0] & 0xff, content.read());
            byte[] rest = content.readAllBytes();
            assertArrayEquals(Arrays.copyOfRange(BYTES, 1, BYTES.length), rest);
            assertEquals(-1, content.read());
        }
        assertEquals(-1, new VolumeContent(0, VolumeContentTest::piece).read());
    }

    @Test
    void aFileThatShrankOrAHostThatWentAwayIsAFailureToRead() {
        IOException tooShort = assertThrows(
                IOException.class, () -> new VolumeContent(BYTES.length + 5, VolumeContentTest::piece).readAllBytes());
        assertTrue(String.valueOf(tooShort.getMessage()).contains("5 bytes too early"), tooShort::toString);
        assertThrows(
                IOException.class,
                () -> new VolumeContent(10, (offset, length) -> {
                            throw new HostUnreachable("h", "gone", null);
                        })
                        .read());
    }

    @Test
    void whatIsClosedIsNotRead() {
        VolumeContent content = new VolumeContent(10, VolumeContentTest::piece);
        content.close();
        assertThrows(IOException.class, content::read);
    }
}
