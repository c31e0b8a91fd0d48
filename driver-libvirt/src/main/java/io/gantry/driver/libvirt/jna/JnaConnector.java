package io.gantry.driver.libvirt.jna;

import io.gantry.driver.libvirt.port.EventSink;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.PortConnector;

/** Opens connections through the native library, which is loaded at the first one. */
public final class JnaConnector implements PortConnector {
    /** Creates the connector; loads nothing yet. */
    public JnaConnector() {}

    @Override
    public LibvirtPort open(String uri, EventSink sink) {
        return JnaPort.open(NativeRuntime.get(), uri, sink);
    }
}
