package io.gantry.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out the tests that a module shares as a jar, and what JMH generates around benchmarks. */
final class OwnCode implements ImportOption {
    @Override
    public boolean includes(Location location) {
        return !location.contains("-tests.jar") && !location.contains("/jmh_generated/");
    }
}
