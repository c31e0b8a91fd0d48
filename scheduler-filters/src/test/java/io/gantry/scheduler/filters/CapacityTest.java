package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.AllocationRatios;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

class CapacityTest {
    @Property
    void memoryPassesExactlyIfItFitsTheHostAndWhatIsFree(
            @ForAll @LongRange(min = 1, max = 64) long neededGib,
            @ForAll @LongRange(min = 0, max = 64) long usedGib,
            @ForAll @DoubleRange(min = 0.25, max = 4.0) double ratio) {
        HostView host = Given.host(new AllocationRatios(1, ratio, 1), 0, MemorySize.gib(usedGib), DiskSize.ZERO);
        Verdict verdict = new RamFilter().test(Given.request(1, MemorySize.gib(neededGib), DiskSize.ZERO), host);
        boolean fits = neededGib <= 16 && neededGib + usedGib <= 16 * ratio;
        assertEquals(fits, verdict.passed(), verdict::toString);
    }
}
