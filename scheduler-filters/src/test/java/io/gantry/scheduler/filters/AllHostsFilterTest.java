package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import org.junit.jupiter.api.Test;

class AllHostsFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AllHostsFilter();
    }

    @Test
    void everyHostPasses() {
        samples().forEach(sample -> assertEquals(Verdict.pass(), filter().test(sample.request(), sample.host())));
    }
}
