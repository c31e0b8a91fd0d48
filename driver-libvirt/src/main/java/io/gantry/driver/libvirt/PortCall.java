package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.LibvirtPort;
import java.io.IOException;

/**
 * Something to do with a connection: one call to libvirt or several that belong together.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
public interface PortCall<T> {
    /**
     * Does it. Runs on a platform thread of the host's; once its deadline has passed, its next call to libvirt fails.
     *
     * @param port the connection
     * @return what comes of it
     * @throws IOException if something beside libvirt cannot be read or written
     */
    T call(LibvirtPort port) throws IOException;
}
