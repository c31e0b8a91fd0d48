package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.AllocationRatios;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.tck.HostWeigherContract;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import org.junit.jupiter.api.Test;

class BestFitWeigherTest extends HostWeigherContract {
    private static final AllocationRatios EXACT = new AllocationRatios(1, 1, 1);
    private static final PlacementRequest REQUEST = Given.request(2, MemorySize.gib(4), DiskSize.gib(10));

    @Override
    protected HostWeigher weigher() {
        return new BestFitWeigher();
    }

    @Test
    void rawValueIsWhatIsLeftOfEachAndHowUnevenlyAndNegative() {
        // Of 8 vCPUs, 16 GiB and 100 GiB there would be left 2, 8 GiB and 40 GiB.
        HostView host = Given.host(EXACT, 4, MemorySize.gib(4), DiskSize.gib(50));

        assertEquals(-(0.25 + 0.5 + 0.4) - 3 * (0.5 - 0.25), weigher().weigh(REQUEST, host), 1e-12);
    }

    @Test
    void whatMayBeClaimedByTheRatiosIsLeftToo() {
        // 8 x 4 - 20 - 2 = 10 vCPUs; 16 x 1.5 - 20 - 4 = 0 GiB; 100 x 1 - 90 - 10 = 0 GiB.
        HostView host = Given.host(new AllocationRatios(4, 1.5, 1), 20, MemorySize.gib(20), DiskSize.gib(90));

        assertEquals(-1.25 - 3 * 1.25, weigher().weigh(REQUEST, host), 1e-12);
    }

    @Test
    void anEvenRestIsBetterThanALittleLessOfIt() {
        HostView even = Given.host(EXACT, 2, MemorySize.gib(4), DiskSize.gib(40));
        HostView uneven = Given.host(EXACT, 0, MemorySize.gib(12), DiskSize.gib(40));

        // Left: 4/8, 8/16, 50/100; and 6/8, 0/16, 50/100.
        assertEquals(-1.5, weigher().weigh(REQUEST, even), 1e-12);
        assertEquals(-1.25 - 3 * 0.75, weigher().weigh(REQUEST, uneven), 1e-12);
    }

    @Test
    void theTightestFitIsTheBest() {
        HostView empty = Given.host(EXACT, 0, MemorySize.ZERO, DiskSize.ZERO);
        HostView full = Given.host(EXACT, 6, MemorySize.gib(12), DiskSize.gib(90));

        assertTrue(weigher().weigh(REQUEST, full) > weigher().weigh(REQUEST, empty));
        assertEquals(0, weigher().weigh(REQUEST, full), 1e-12);
        assertEquals(WeightScale.MIN_MAX, weigher().scale());
    }
}
