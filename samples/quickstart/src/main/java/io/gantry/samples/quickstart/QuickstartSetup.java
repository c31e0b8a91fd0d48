package io.gantry.samples.quickstart;

import io.gantry.Compute;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.spi.driver.HypervisorDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What differs between simulated and real hosts. */
interface QuickstartSetup extends AutoCloseable {
    /** {@return the driver of the hosts} */
    HypervisorDriver driver();

    /** {@return where images are kept} */
    Path imageDirectory();

    /** {@return the hosts} */
    List<HostSpec> hosts();

    /** {@return the size of the instances} */
    Flavor flavor();

    /** {@return an imported image to boot from} */
    ImageId importImage(Compute compute) throws IOException;

    /** Called before an instance moves; a real guest is given the time to boot. */
    default void beforeMigration(Instance instance) {}

    @Override
    void close() throws IOException;
}
