package io.gantry.core.state;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import java.time.Instant;
import java.util.Map;

/**
 * A guest that is to be removed from a host which did not answer when it should have been.
 *
 * @param instance the guest
 * @param host the host
 * @param epoch what the host's driver is told when it is removed
 * @param keepDisks whether the disks stay, since another host on the same storage has the guest now
 * @param since when that became known
 */
public record LeftoverRow(InstanceId instance, HostId host, long epoch, boolean keepDisks, Instant since) {
    Map<String, String> attributes() {
        return Map.of("host", host.value(), "instance", instance.toString());
    }

    /** {@return the row's key} */
    public String key() {
        return instance + "@" + host;
    }
}
