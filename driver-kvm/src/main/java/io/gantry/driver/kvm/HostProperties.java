package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.LibvirtEndpoint;
import io.gantry.driver.libvirt.topology.PciDeviceSpec;
import io.gantry.error.InvalidRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A host's properties, checked. {@link KvmDriver} documents them.
 *
 * @param storageDirectory an absolute path
 * @param storageId names the storage if other hosts share it
 * @param emulator path of the emulator, if not the default one
 * @param machine a machine type or alias
 * @param migrationUri how other hosts' daemons reach this one, if they do
 * @param migrationAddress where other hosts send guests' memory, if not where {@code migrationUri} points
 * @param tcgMigrationSafe whether the emulator is free of the fault that loses guests' memory
 * @param pciDevices which of the host's PCI devices guests can be given
 * @param callDeadline how long a small call may take
 */
record HostProperties(
        String storageDirectory,
        Optional<String> storageId,
        Optional<String> emulator,
        String machine,
        Optional<String> migrationUri,
        Optional<String> migrationAddress,
        boolean tcgMigrationSafe,
        PciDeviceSpec pciDevices,
        Duration callDeadline) {
    static final String STORAGE_DIRECTORY = "storage.directory";
    static final String STORAGE_ID = "storage.id";
    static final String EMULATOR = "emulator";
    static final String MACHINE = "machine";
    static final String MIGRATION_URI = "migration.uri";
    static final String MIGRATION_ADDRESS = "migration.address";
    static final String TCG_MIGRATION_SAFE = "tcg.migration-safe";
    static final String PCI_DEVICES = "pci.devices";
    static final String DEADLINE_CALL = "deadline.call";

    private static final TreeSet<String> NAMES = new TreeSet<>(List.of(
            STORAGE_DIRECTORY,
            STORAGE_ID,
            EMULATOR,
            MACHINE,
            MIGRATION_URI,
            MIGRATION_ADDRESS,
            TCG_MIGRATION_SAFE,
            PCI_DEVICES,
            DEADLINE_CALL));
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._+@:=-]+)+");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,254}");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,254}|\\[?[0-9A-Fa-f:.]+\\]?");
    private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(10);

    static HostProperties parse(Map<String, String> properties) {
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (!NAMES.contains(property.getKey())) {
                throw new InvalidRequest(
                        "host.properties", property.getKey(), "is no property of driver 'kvm'", "Use one of " + NAMES);
            }
        }
        return new HostProperties(
                path(properties, STORAGE_DIRECTORY).orElse("/var/lib/gantry"),
                matching(properties, STORAGE_ID, WORD, "must be a word", "Use a name such as 'nfs-1'"),
                path(properties, EMULATOR),
                matching(properties, MACHINE, WORD, "must be a machine type", "Use 'pc', 'q35' or a versioned type")
                        .orElse("pc"),
                uri(properties),
                matching(
                                properties,
                                MIGRATION_ADDRESS,
                                ADDRESS,
                                "must be an IP address or a host name",
                                "Give this host's address on the network that migrations use")
                        .map(HostProperties::unbracketed),
                flag(properties),
                pciDevices(properties),
                deadline(properties));
    }

    /** {@return where other hosts send guests' memory; empty to let the daemon decide} */
    Optional<String> memoryUri() {
        return migrationAddress
                .or(() -> migrationUri.map(URI::create).map(URI::getHost).map(HostProperties::unbracketed))
                .map(address -> address.contains(":") ? "tcp://[" + address + "]" : "tcp://" + address);
    }

    private static String unbracketed(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    private static InvalidRequest refused(String name, String value, String problem, String remediation) {
        return new InvalidRequest("host.properties." + name, value, problem, remediation);
    }

    private static Optional<String> matching(
            Map<String, String> properties, String name, Pattern pattern, String problem, String remediation) {
        Optional<String> value = Optional.ofNullable(properties.get(name));
        if (value.isPresent() && !pattern.matcher(value.get()).matches()) {
            throw refused(name, value.get(), problem, remediation);
        }
        return value;
    }

    private static Optional<String> path(Map<String, String> properties, String name) {
        Optional<String> path = matching(
                properties,
                name,
                PATH,
                "must be an absolute path of letters, digits and ._+@:=-",
                "Give a path on the host such as '/var/lib/gantry'");
        if (path.isPresent() && (path.get() + "/").matches(".*/\\.\\.?/.*")) {
            throw refused(name, path.get(), "must not contain '.' or '..'", "Give the path itself");
        }
        return path;
    }

    private static Optional<String> uri(Map<String, String> properties) {
        Optional<String> value = Optional.ofNullable(properties.get(MIGRATION_URI));
        value.ifPresent(text -> {
            boolean good;
            try {
                URI uri = new URI(text);
                good = uri.getScheme() != null && uri.getScheme().startsWith("qemu") && uri.getRawPath() != null;
            } catch (URISyntaxException e) {
                good = false; // the refusal says what a good one looks like
            }
            if (!good) {
                throw refused(
                        MIGRATION_URI,
                        text,
                        "must be a libvirt URI of a QEMU daemon",
                        "Use a URI such as 'qemu+tls://host/system' that the other hosts' daemons can reach");
            }
        });
        return value;
    }

    private static boolean flag(Map<String, String> properties) {
        String value = properties.getOrDefault(TCG_MIGRATION_SAFE, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw refused(TCG_MIGRATION_SAFE, value, "must be 'true' or 'false'", "Use one of the two");
        }
        return value.equals("true");
    }

    private static PciDeviceSpec pciDevices(Map<String, String> properties) {
        String value = properties.get(PCI_DEVICES);
        return value == null ? PciDeviceSpec.NONE : PciDeviceSpec.parse("host.properties." + PCI_DEVICES, value);
    }

    private static Duration deadline(Map<String, String> properties) {
        String value = properties.get(DEADLINE_CALL);
        if (value == null) {
            return LibvirtEndpoint.DEFAULT_CALL_DEADLINE;
        }
        try {
            Duration deadline = Duration.parse(value);
            if (deadline.compareTo(Duration.ofMillis(100)) >= 0 && deadline.compareTo(LONGEST_DEADLINE) <= 0) {
                return deadline;
            }
        } catch (DateTimeParseException e) {
            throw badDeadline(value); // which says more than the parser does
        }
        throw badDeadline(value);
    }

    private static InvalidRequest badDeadline(String value) {
        return refused(
                DEADLINE_CALL, value, "must be an ISO-8601 duration of 0.1 s to 10 minutes", "Use one such as 'PT10S'");
    }
}
