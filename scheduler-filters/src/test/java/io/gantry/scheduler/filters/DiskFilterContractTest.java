package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;

class DiskFilterContractTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new DiskFilter();
    }
}
