package io.gantry.samples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.image.DiskFormat;
import io.gantry.lab.Lab;
import io.gantry.lab.WithLab;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tutorial on real hosts does the same as on simulated ones. */
@WithLab(hosts = 3)
final class QuickstartOnLabIT {
    @Test
    void onRealHostsItDoesTheSame(Lab lab) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        QuickstartOutput out = new QuickstartOutput(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
        Path storage = lab.newDirectory("quickstart");
        LibvirtOptions options = new LibvirtOptions(
                IntStream.rangeClosed(1, 3).mapToObj(n -> lab.host(n).uri()).toList(),
                IntStream.rangeClosed(1, 3).mapToObj(n -> lab.host(n).peerUri()).toList(),
                Map.of(
                        "storage.directory",
                        storage.toString(),
                        "storage.id",
                        "quickstart",
                        "emulator",
                        lab.emulator().toString(),
                        "tcg.migration-safe",
                        "true"),
                lab.baseImage(),
                DiskFormat.QCOW2,
                Optional.of(new LibvirtOptions.DirectBootFiles(
                        lab.kernel(), lab.initrd(), lab.kernelCommandLine() + " lab.ws=8 lab.rate=4")),
                96,
                5);

        try (QuickstartSetup setup = new LibvirtSetup(options, out)) {
            out.migrated(Quickstart.run(setup, out));
        }

        String text = printed.toString(StandardCharsets.UTF_8);
        assertEquals(
                3,
                text.lines()
                        .filter(line -> line.contains(" is ACTIVE on host-"))
                        .count(),
                text);
        assertTrue(text.contains("  STOP_AND_COPY "), text);
        assertTrue(text.contains("  downtime "), text);
        assertEquals(
                3, text.lines().filter(line -> line.startsWith("Deleted web-")).count(), text);
        try (Stream<Path> left = Files.list(storage.resolve("instances"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
