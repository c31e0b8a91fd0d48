package io.gantry.jmh.scene;

import io.gantry.Compute;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.instance.Instance;
import io.gantry.jmh.remote.Machines;
import io.gantry.spi.driver.HypervisorDriver;
import java.nio.file.Path;
import java.util.List;

/** Three hosts of one control node, and what its guests are made of. */
public interface Site {
    /** {@return the driver of the hosts, which the control node closes} */
    HypervisorDriver driver();

    /** {@return what is done to the hosts past their daemons} */
    Machines machines();

    /** {@return the hosts as the control node is told of them} */
    List<HostSpec> hosts();

    /** {@return the flavors {@link Stage#SMALL}, {@link Stage#LARGE}, and {@link Stage#DEAF}, whose guests hear no power button} */
    List<Flavor> flavors();

    /**
     * Imports the image of all guests, and what that needs.
     *
     * @param name the image's name; those of what it needs begin with it
     * @param content a file that may be its content
     */
    void importImage(Compute compute, String name, Path content);

    /** Waits until a guest that was just started has booted, so that it hears what it is asked for. */
    void awaitBoot(Instance instance);
}
