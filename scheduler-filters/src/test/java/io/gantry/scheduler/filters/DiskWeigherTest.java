package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.AllocationRatios;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.tck.HostWeigherContract;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiskWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new DiskWeigher();
    }

    @Test
    void freeDiskIsTotalTimesRatioLessUsed() {
        AllocationRatios ratios = new AllocationRatios(4.0, 1.5, 2.0);
        assertEquals(150.0 * (1L << 30), weigh(Given.host(ratios, 30, MemorySize.gib(20), DiskSize.gib(50))));
        assertEquals(-10.0 * (1L << 30), weigh(Given.host(ratios, 40, MemorySize.gib(25), DiskSize.gib(210))));
    }

    private double weigh(HostView host) {
        return weigher().weigh(Given.image(Map.of()), host);
    }
}
