package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;

class VcpuFilterContractTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new VcpuFilter();
    }
}
