package io.gantry.spi.driver;

import io.gantry.host.HostId;
import java.util.Map;

/**
 * How a source reaches a target that has made ready.
 *
 * @param target the target
 * @param attributes by names that only the driver knows, such as the URI to migrate to
 */
public record MigrationTicket(HostId target, Map<String, String> attributes) {
    /**
     * Copies the attributes.
     *
     * @param target see the record
     * @param attributes see the record
     */
    public MigrationTicket {
        attributes = Map.copyOf(attributes);
    }
}
