package io.gantry.driver.sim;

import io.gantry.error.InvalidRequest;
import io.gantry.topology.HostTopology;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a simulated host is like, as its URI and properties describe it. */
record HostConfig(
        String name,
        int vcpus,
        MemorySize memory,
        DiskSize disk,
        String architecture,
        String version,
        Bandwidth bandwidth,
        Optional<String> storage,
        CellConfig cells) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final List<String> PARAMETERS = List.of(
            "architecture",
            "bandwidth-mib",
            "disk-gib",
            "huge-pages",
            "memory-mib",
            "numa-cells",
            "pci-devices",
            "storage",
            "threads",
            "vcpus",
            "version");
    private static final String EXAMPLE = "Use a URI such as 'sim://node1?vcpus=8&memory-mib=16384&disk-gib=200'";

    /** The defaults of a new host. */
    static HostConfig defaults(String name) {
        return new HostConfig(
                name,
                8,
                MemorySize.gib(16),
                DiskSize.gib(200),
                "x86_64",
                "1.0.0",
                Bandwidth.mibPerSecond(1192),
                Optional.empty(),
                CellConfig.UNKNOWN);
    }

    /** The name in a URI, checked. */
    static String name(URI uri) {
        if (!"sim".equals(uri.getScheme())) {
            throw new InvalidRequest("host.connection", uri, "has no scheme 'sim'", EXAMPLE);
        }
        @Nullable String name = uri.getAuthority();
        if (name == null || !NAME.matcher(name).matches()) {
            throw new InvalidRequest(
                    "host.connection", uri, "names no host by letters, digits, '.', '_' and '-'", EXAMPLE);
        }
        String path = uri.getPath();
        if ((path != null && !path.isEmpty() && !path.equals("/")) || uri.getFragment() != null) {
            throw new InvalidRequest("host.connection", uri, "has a path or fragment", EXAMPLE);
        }
        return name;
    }

    /** These values with those that a URI and properties name in their place. */
    HostConfig with(URI uri, Map<String, String> properties) {
        Map<String, String> given = new TreeMap<>(query(uri));
        properties.forEach((key, value) -> {
            if (given.put(key, value) != null) {
                throw new InvalidRequest(
                        "host.properties." + key, value, "is set in the connection URI too", "Set it once");
            }
        });
        HostConfig config = this;
        for (Map.Entry<String, String> parameter : given.entrySet()) {
            config = config.with(parameter.getKey(), parameter.getValue());
        }
        return config;
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> given = new TreeMap<>();
        @Nullable String query = uri.getRawQuery();
        if (query == null || query.isEmpty()) {
            return given;
        }
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new InvalidRequest("host.connection", uri, "has the parameter '" + part + "'", EXAMPLE);
            }
            String key = URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8);
            String value = URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            if (given.put(key, value) != null) {
                throw new InvalidRequest("host.connection." + key, value, "is set twice", "Set it once");
            }
        }
        return given;
    }

    /** The storage that holds the host's disks: its own, unless it names one that it shares. */
    String storageId() {
        return storage.map(shared -> "sim-storage/" + shared).orElse("sim-host/" + name);
    }

    private HostConfig with(String key, String value) {
        return switch (key) {
            case "vcpus" ->
                new HostConfig(
                        name,
                        (int) number(key, value, 1, 65_536),
                        memory,
                        disk,
                        architecture,
                        version,
                        bandwidth,
                        storage,
                        cells);
            case "memory-mib" ->
                new HostConfig(
                        name,
                        vcpus,
                        MemorySize.mib(number(key, value, 1, 1L << 32)),
                        disk,
                        architecture,
                        version,
                        bandwidth,
                        storage,
                        cells);
            case "disk-gib" ->
                new HostConfig(
                        name,
                        vcpus,
                        memory,
                        DiskSize.gib(number(key, value, 1, 1L << 32)),
                        architecture,
                        version,
                        bandwidth,
                        storage,
                        cells);
            case "bandwidth-mib" ->
                new HostConfig(
                        name,
                        vcpus,
                        memory,
                        disk,
                        architecture,
                        version,
                        Bandwidth.mibPerSecond(number(key, value, 1, 1L << 20)),
                        storage,
                        cells);
            case "architecture" ->
                new HostConfig(name, vcpus, memory, disk, word(key, value), version, bandwidth, storage, cells);
            case "version" ->
                new HostConfig(name, vcpus, memory, disk, architecture, word(key, value), bandwidth, storage, cells);
            case "storage" ->
                new HostConfig(
                        name,
                        vcpus,
                        memory,
                        disk,
                        architecture,
                        version,
                        bandwidth,
                        Optional.of(word(key, value)),
                        cells);
            case "numa-cells" -> with(cells.withCells((int) number(key, value, 0, 16)));
            case "threads" -> with(cells.withThreads((int) number(key, value, 1, 8)));
            case "huge-pages" -> with(cells.withHugePages(number(key, value, 0, 1L << 30)));
            case "pci-devices" -> with(cells.withDevices(key, value));
            default ->
                throw new InvalidRequest(
                        "host.properties." + key,
                        value,
                        "is no setting of a simulated host",
                        "Use one of " + String.join(", ", PARAMETERS));
        };
    }

    private HostConfig with(CellConfig other) {
        return new HostConfig(name, vcpus, memory, disk, architecture, version, bandwidth, storage, other);
    }

    /** {@return its NUMA cells and PCI devices} */
    HostTopology topology() {
        return cells.topology(vcpus, memory);
    }

    private static long number(String key, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw outOfRange(key, value, least, most);
        }
        throw outOfRange(key, value, least, most);
    }

    private static InvalidRequest outOfRange(String key, String value, long least, long most) {
        return new InvalidRequest(
                "host.properties." + key,
                value,
                "must be a whole number from " + least + " to " + most,
                "Give a number in that range");
    }

    private static String word(String key, String value) {
        if (!WORD.matcher(value).matches()) {
            throw new InvalidRequest(
                    "host.properties." + key,
                    value,
                    "must be 1 to 64 letters, digits, '.', '_' or '-'",
                    "Give a word such as 'x86_64'");
        }
        return value;
    }
}
