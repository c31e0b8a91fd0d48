package io.gantry.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import java.math.BigInteger;
import java.util.function.LongFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class QuantitiesTest {
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    @Property
    void unitsAreExactOrRefused(@ForAll long count) {
        exactOrRefused("memory", count, 20, n -> MemorySize.mib(n).bytes());
        exactOrRefused("memory", count, 30, n -> MemorySize.gib(n).bytes());
        exactOrRefused("disk", count, 20, n -> DiskSize.mib(n).bytes());
        exactOrRefused("disk", count, 30, n -> DiskSize.gib(n).bytes());
        exactOrRefused("bandwidth", count, 20, n -> Bandwidth.mibPerSecond(n).bytesPerSecond());
    }

    private static void exactOrRefused(String field, long count, int shift, LongFunction<Long> bytes) {
        BigInteger exact = BigInteger.valueOf(count).shiftLeft(shift);
        if (count < 0 || exact.compareTo(MOST) > 0) {
            InvalidRequest refused = assertThrows(InvalidRequest.class, () -> bytes.apply(count));
            assertEquals(field, refused.field());
            assertEquals(Long.toString(count), refused.value());
        } else {
            assertEquals(exact, BigInteger.valueOf(bytes.apply(count)));
        }
    }

    @Example
    void boundsAreExact() {
        assertEquals(((1L << 43) - 1) << 20, MemorySize.mib((1L << 43) - 1).bytes());
        assertThrows(InvalidRequest.class, () -> MemorySize.mib(1L << 43));
        assertEquals(((1L << 33) - 1) << 30, DiskSize.gib((1L << 33) - 1).bytes());
        assertThrows(InvalidRequest.class, () -> DiskSize.gib(1L << 33));
        assertEquals(Long.MAX_VALUE, new DiskSize(Long.MAX_VALUE).bytes());
    }

    @Property
    void negativeAmountsAreRefused(@ForAll @LongRange(min = Long.MIN_VALUE, max = -1) long bytes) {
        assertEquals(
                "memory",
                assertThrows(InvalidRequest.class, () -> new MemorySize(bytes)).field());
        assertEquals(
                "disk",
                assertThrows(InvalidRequest.class, () -> new DiskSize(bytes)).field());
        assertEquals(
                "bandwidth",
                assertThrows(InvalidRequest.class, () -> new Bandwidth(bytes)).field());
    }

    @Property
    void mebibytesAreRoundedUp(@ForAll @LongRange(min = 0) long bytes) {
        long mib = new MemorySize(bytes).toMib();
        assertEquals(mib, new DiskSize(bytes).toMib());
        BigInteger up = BigInteger.valueOf(mib).shiftLeft(20);
        BigInteger given = BigInteger.valueOf(bytes);
        assertTrue(up.compareTo(given) >= 0, "not less than the amount");
        assertTrue(up.subtract(given).compareTo(BigInteger.ONE.shiftLeft(20)) < 0, "less than a mebibyte more");
    }

    @Property
    void orderIsThatOfBytes(@ForAll @LongRange(min = 0) long one, @ForAll @LongRange(min = 0) long other) {
        assertEquals(Long.compare(one, other), new MemorySize(one).compareTo(new MemorySize(other)));
        assertEquals(Long.compare(one, other), new DiskSize(one).compareTo(new DiskSize(other)));
    }

    @Example
    void textHasTheLargestUnitThatFits() {
        assertEquals("0 B", MemorySize.ZERO.toString());
        assertEquals("1023 B", new MemorySize(1023).toString());
        assertEquals("1 KiB", new DiskSize(1024).toString());
        assertEquals("1.5 GiB", MemorySize.mib(1536).toString());
        assertEquals("16 GiB", MemorySize.gib(16).toString());
        assertEquals("10 MiB/s", Bandwidth.mibPerSecond(10).toString());
        assertEquals("8 EiB", new DiskSize(Long.MAX_VALUE).toString());
    }
}
