package io.gantry.driver.kvm;

import io.gantry.host.HostId;
import io.gantry.lab.Lab;
import io.gantry.lab.LabHost;
import io.gantry.spi.driver.HostEndpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The lab's hosts as endpoints of the driver. */
final class LabHosts {
    private LabHosts() {}

    static HostEndpoint endpoint(Lab lab, int n, Path storage) {
        return endpoint(lab, n, storage, Map.of());
    }

    /** An empty value takes a property away. */
    static HostEndpoint endpoint(Lab lab, int n, Path storage, Map<String, String> changes) {
        LabHost host = lab.host(n);
        Map<String, String> properties = new HashMap<>(Map.of(
                HostProperties.STORAGE_DIRECTORY, storage.toString(),
                HostProperties.STORAGE_ID, "lab",
                HostProperties.EMULATOR, lab.emulator().toString(),
                HostProperties.TCG_MIGRATION_SAFE, "true",
                HostProperties.MIGRATION_URI, host.peerUri(),
                HostProperties.MIGRATION_ADDRESS, host.migrationAddress()));
        properties.putAll(changes);
        properties.values().removeIf(String::isEmpty);
        return new HostEndpoint(HostId.of(host.name()), URI.create(host.uri()), properties);
    }
}
