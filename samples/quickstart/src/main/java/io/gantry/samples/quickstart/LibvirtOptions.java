package io.gantry.samples.quickstart;

import io.gantry.image.DiskFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which real hosts, and what to boot on them.
 *
 * @param uris where the driver connects to, a host each
 * @param peers how the hosts' daemons reach each other, in the same order
 * @param properties the driver's settings, for all hosts
 * @param image the root disk's image
 * @param imageFormat its format
 * @param directBoot a kernel to boot without a boot loader
 * @param memoryMib memory of an instance
 * @param bootSeconds how long an instance is given to boot before it moves
 */
record LibvirtOptions(
        List<String> uris,
        List<String> peers,
        Map<String, String> properties,
        Path image,
        DiskFormat imageFormat,
        Optional<DirectBootFiles> directBoot,
        int memoryMib,
        int bootSeconds) {
    /**
     * A kernel to boot without a boot loader.
     *
     * @param kernel the kernel
     * @param ramdisk the initial RAM disk
     * @param commandLine the kernel's command line
     */
    record DirectBootFiles(Path kernel, Path ramdisk, String commandLine) {}
}
