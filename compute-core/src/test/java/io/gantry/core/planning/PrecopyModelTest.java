package io.gantry.core.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Iterative pre-copy, against its closed forms. */
final class PrecopyModelTest {
    private static final long GIB = 1L << 30;

    /** So large that a second write of a page hardly happens. */
    private static final long ENDLESS = 1L << 55;

    @Test
    void anIdleGuestIsCopiedOnce() {
        PrecopyModel.Copy copy = PrecopyModel.of(new MemoryLoad(GIB, 0, 0, true), 1e8, 0.3);

        assertTrue(copy.converges());
        assertEquals(GIB / 1e8, copy.seconds(), 1e-9);
        assertEquals(0, copy.downtime(), 1e-9);
    }

    @Test
    void passesFormAGeometricSeries() {
        // r = D/B: the n-th pass copies V r^n, and the pre-copy takes V/B (1 - r^n) / (1 - r).
        double bandwidth = 1.17e9;
        double r = 0.3e9 / bandwidth;
        PrecopyModel.Copy copy = PrecopyModel.of(new MemoryLoad(8 * GIB, 0.3e9, ENDLESS, true), bandwidth, 0.3);

        assertTrue(copy.converges());
        assertEquals(4, copy.passes());
        assertEquals(8 * GIB * Math.pow(r, 3) / bandwidth, copy.downtime(), 1e-3);
        assertEquals(8 * GIB / bandwidth * (1 - Math.pow(r, 3)) / (1 - r), copy.seconds() - copy.downtime(), 1e-2);
        assertEquals(0.124, copy.downtime(), 0.001);
        assertEquals(9.7, copy.seconds() - copy.downtime(), 0.1);
    }

    @Test
    void aWorkingSetThatIsWrittenTwiceAsFastAsItIsCopiedNeverFits() {
        // The fixed point of V = W (1 - e^(-rV/W)) for r = 2 is 0.797 W.
        double bandwidth = 1.17e9;
        PrecopyModel.Copy copy = PrecopyModel.of(new MemoryLoad(8 * GIB, 2 * bandwidth, GIB, true), bandwidth, 0.3);

        assertFalse(copy.converges());
        assertEquals(0.731, copy.downtime(), 0.03);
    }

    @Test
    void aSmallWorkingSetFitsHoweverFastItIsWritten() {
        PrecopyModel.Copy copy = PrecopyModel.of(new MemoryLoad(GIB, 1e12, 1 << 20, true), 1e8, 0.3);

        assertTrue(copy.converges());
        assertEquals(2, copy.passes());
        assertEquals((1 << 20) / 1e8, copy.downtime(), 1e-6);
    }

    @Property(tries = 300)
    void whoeverWritesFasterIsMovedLater(
            @ForAll @DoubleRange(min = 0.1, max = 0.9) double r,
            @ForAll @DoubleRange(min = 0.01, max = 1) double part) {
        MemoryLoad slow = new MemoryLoad(GIB, r * part * 1e8, ENDLESS, true);
        MemoryLoad fast = new MemoryLoad(GIB, r * 1e8, ENDLESS, true);
        PrecopyModel.Copy one = PrecopyModel.of(slow, 1e8, 0.3);
        PrecopyModel.Copy other = PrecopyModel.of(fast, 1e8, 0.3);

        assertTrue(one.converges() && other.converges());
        assertTrue(one.downtime() <= 0.3 && other.downtime() <= 0.3, "the bound on downtime holds");
        assertTrue(one.seconds() - one.downtime() <= other.seconds() - other.downtime() + 1e-9);
    }
}
