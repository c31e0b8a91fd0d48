package io.gantry.jmh.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.lab.LabHost;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabPlotTest {
    private final LabPlot plot = new LabPlot(
            IntStream.rangeClosed(4, 6)
                    .mapToObj(n -> new LabHost(
                            "h" + n,
                            "qemu+unix:///system?socket=/lab/h" + n,
                            "qemu+tcp://10.0.0." + n + "/system",
                            "10.0.0." + n))
                    .toList(),
            Path.of("/lab/storage"),
            Path.of("/lab/emulator"),
            Path.of("/lab/kernel"),
            Path.of("/lab/ramdisk"),
            Path.of("/lab/disk.qcow2"),
            "console=ttyS0 quiet \\ # ü");

    @Test
    void anotherProcessReadsItAsItWasWritten(@TempDir Path directory) {
        plot.write(directory.resolve("hosts"));

        assertEquals(plot, LabPlot.read(directory.resolve("hosts")));
    }

    @Test
    void hostsAreFoundByName() {
        assertEquals(plot.hosts().get(1), plot.host("h5"));
        assertEquals(
                "No host is named h1",
                assertThrows(IllegalArgumentException.class, () -> plot.host("h1"))
                        .getMessage());
        assertEquals(
                List.of("h4", "h5", "h6"),
                plot.hosts().stream().map(LabHost::name).toList());
    }
}
