package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.ComputeException;
import io.gantry.error.NotFound;
import io.gantry.error.Unsupported;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.HostConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** What the parts of the driver contract share. */
abstract class DriverSpecifications {
    private @Nullable DriverBench bench;

    DriverSpecifications() {}

    final void open(DriverFixture fixture) {
        bench = new DriverBench(fixture);
    }

    final DriverBench bench() {
        if (bench == null) {
            throw new AssertionError("the fixture was not opened");
        }
        return bench;
    }

    /** The first host. */
    final HostConnection connection() {
        return bench().connection();
    }

    /** A guest that is not known is not found; without the capability that comes first. */
    final void assertNotFound(@Nullable DriverCapability needed, Executable call) {
        Class<? extends ComputeException> expected =
                needed == null || bench().can(needed) ? NotFound.class : Unsupported.class;
        assertThrows(expected, call);
    }
}
