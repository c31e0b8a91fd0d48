package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.HostEndpoint;
import java.util.Set;
import java.util.stream.Collectors;

/** What fixtures see of simulated guests past the driver. */
final class Marks {
    /** Where they mark disks. */
    static final int BLOCK = 7;

    private Marks() {}

    static SimGuest guest(SimDriver driver, HostEndpoint host, InstanceId id) {
        return driver.fleet().host(host.connection().getAuthority()).guest(id);
    }

    static String ofMemory(SimGuest guest) {
        PageReport report = guest.verify();
        assertTrue(report.intact() && report.checked() > 0, report::toString);
        return "boot " + guest.boots();
    }

    static Set<String> traces(SimDriver driver, HostEndpoint host, InstanceId id) {
        return driver.fleet().host(host.connection().getAuthority()).disks().stream()
                .filter(disk -> disk.instance().equals(id))
                .map(Object::toString)
                .collect(Collectors.toSet());
    }
}
