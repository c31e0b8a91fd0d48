package io.gantry.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code lab env} tells. */
record LabEnvironment(
        Path shared,
        Path kernel,
        Path initrd,
        Path cloudInitInitrd,
        Path agentInitrd,
        Path baseImage,
        Path emulator,
        String kernelCommandLine,
        List<LabHost> hosts) {

    static LabEnvironment parse(String lines) {
        Map<String, String> values = lines.lines()
                .filter(line -> line.indexOf('=') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
        List<LabHost> hosts = IntStream.rangeClosed(1, Integer.parseInt(value(values, "hosts")))
                .mapToObj(n -> "h" + n)
                .map(name -> new LabHost(
                        name,
                        value(values, name + ".uri"),
                        value(values, name + ".peer-uri"),
                        value(values, name + ".migration-address")))
                .toList();
        return new LabEnvironment(
                Path.of(value(values, "shared")),
                Path.of(value(values, "kernel")),
                Path.of(value(values, "initrd")),
                Path.of(value(values, "cloud-init-initrd")),
                Path.of(value(values, "agent-initrd")),
                Path.of(value(values, "base")),
                Path.of(value(values, "emulator")),
                value(values, "cmdline"),
                hosts);
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new LabException("lab env does not tell " + key);
        }
        return value;
    }
}
