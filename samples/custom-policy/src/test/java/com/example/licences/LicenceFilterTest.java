package com.example.licences;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;

class LicenceFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new LicenceFilter();
    }
}
