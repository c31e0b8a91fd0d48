package io.gantry.driver.libvirt.port;

/** Opens connections. */
@FunctionalInterface
public interface PortConnector {
    /**
     * Opens a connection; may block for as long as the daemon does not answer.
     *
     * @param uri a libvirt URI
     * @param sink told what happens on the connection, from a thread that it must not block
     * @return the connection
     * @throws LibvirtError if there is none to be had
     */
    LibvirtPort open(String uri, EventSink sink);
}
