package io.gantry.spi.driver;

import io.gantry.host.HostId;
import java.net.URI;
import java.util.Map;

/**
 * How to reach a host.
 *
 * @param host the host's id in the engine
 * @param connection where to connect to
 * @param properties the driver's settings for this host
 */
public record HostEndpoint(HostId host, URI connection, Map<String, String> properties) {
    /**
     * Copies the properties.
     *
     * @param host see the record
     * @param connection see the record
     * @param properties see the record
     */
    public HostEndpoint {
        properties = Map.copyOf(properties);
    }
}
