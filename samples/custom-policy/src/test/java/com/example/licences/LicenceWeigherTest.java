package com.example.licences;

import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.tck.HostWeigherContract;

class LicenceWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new LicenceWeigher();
    }
}
