package io.gantry.jmh.real;

import io.gantry.instance.InstanceId;
import io.gantry.lab.Lab;
import io.gantry.lab.LabHost;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * Three hosts of a lab, and what they share: what a control node has to know of them.
 *
 * @param hosts the hosts
 * @param storage the directory of guests' disks
 * @param emulator the emulator
 * @param kernel the guests' kernel
 * @param ramdisk its initial file system
 * @param disk the guests' disk image, in QCOW2 format
 * @param commandLine the kernel's
 */
public record LabPlot(
        List<LabHost> hosts, Path storage, Path emulator, Path kernel, Path ramdisk, Path disk, String commandLine) {
    private static final int HOSTS = 3;

    /**
     * {@return hosts of a lab, with a new storage directory}
     *
     * @param first the first of them, from 1
     */
    public static LabPlot of(Lab lab, int first) {
        return new LabPlot(
                IntStream.range(first, first + HOSTS).mapToObj(lab::host).toList(),
                lab.newDirectory("storage"),
                lab.emulator(),
                lab.kernel(),
                lab.initrd(),
                lab.baseImage(),
                lab.kernelCommandLine());
    }

    /** Writes it to a file, for {@link #read}. */
    public void write(Path file) {
        Properties properties = new Properties();
        for (int i = 0; i < HOSTS; i++) {
            LabHost host = hosts.get(i);
            properties.setProperty("host." + i, host.name());
            properties.setProperty("uri." + i, host.uri());
            properties.setProperty("peer." + i, host.peerUri());
            properties.setProperty("address." + i, host.migrationAddress());
        }
        properties.setProperty("storage", storage.toString());
        properties.setProperty("emulator", emulator.toString());
        properties.setProperty("kernel", kernel.toString());
        properties.setProperty("ramdisk", ramdisk.toString());
        properties.setProperty("disk", disk.toString());
        properties.setProperty("command-line", commandLine);
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what was written to a file} */
    public static LabPlot read(Path file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LabPlot(
                IntStream.range(0, HOSTS)
                        .mapToObj(i -> new LabHost(
                                properties.getProperty("host." + i),
                                properties.getProperty("uri." + i),
                                properties.getProperty("peer." + i),
                                properties.getProperty("address." + i)))
                        .toList(),
                Path.of(properties.getProperty("storage")),
                Path.of(properties.getProperty("emulator")),
                Path.of(properties.getProperty("kernel")),
                Path.of(properties.getProperty("ramdisk")),
                Path.of(properties.getProperty("disk")),
                properties.getProperty("command-line"));
    }

    /** {@return the host of a name} */
    public LabHost host(String name) {
        return hosts.stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No host is named " + name));
    }

    /** {@return where guests' files are} */
    public Path instances() {
        return storage.resolve("instances");
    }

    /** {@return what a guest prints} */
    public Path consoleLog(InstanceId id) {
        return instances().resolve(id + ".console.log");
    }
}
