package io.gantry.driver.libvirt.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Qcow2HeaderTest {
    private static byte[] header(int version, long backing, long size, long features) {
        return ByteBuffer.allocate(Qcow2Header.LENGTH)
                .putInt(0x514649fb)
                .putInt(version)
                .putLong(backing)
                .putLong(24, size)
                .putLong(72, features)
                .array();
    }

    @Test
    void aDiskThatNeedsAnotherFileIsSeen() {
        assertEquals(Optional.of(new Qcow2Header(1 << 20, true)), Qcow2Header.parse(header(2, 0, 1 << 20, 0)));
        assertEquals(Optional.of(new Qcow2Header(5, true)), Qcow2Header.parse(header(3, 0, 5, 1)));
        assertEquals(Optional.of(new Qcow2Header(5, false)), Qcow2Header.parse(header(3, 200, 5, 0)));
        assertEquals(Optional.of(new Qcow2Header(5, false)), Qcow2Header.parse(header(3, 0, 5, 4)));
        // The second version has no such features: what is there is something else.
        assertEquals(Optional.of(new Qcow2Header(5, true)), Qcow2Header.parse(header(2, 0, 5, 4)));
    }

    @Test
    void whatIsNoDiskHasNoHeader() {
        assertTrue(Qcow2Header.parse(header(4, 0, 5, 0)).isEmpty());
        assertTrue(Qcow2Header.parse(Arrays.copyOf(header(3, 0, 5, 0), 71)).isEmpty());
        assertTrue(Qcow2Header.parse(new byte[Qcow2Header.LENGTH]).isEmpty());
    }

    @Property(tries = 500)
    void anyBytesAreRead(@ForAll @Size(max = 200) byte[] bytes) {
        if (bytes.length >= 8) {
            ByteBuffer.wrap(bytes).putInt(0x514649fb).putInt(3);
        }
        Optional<Qcow2Header> header = Qcow2Header.parse(bytes);
        assertEquals(bytes.length >= 72, header.isPresent());
    }
}
