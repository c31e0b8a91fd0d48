package io.gantry.jmh.leak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds at a moment.
 *
 * @param threads live threads
 * @param files open file descriptors; 0 where the system has no /proc
 * @param buffers direct and mapped buffers
 * @param heapKib used heap after a collection
 */
record Footprint(long threads, long files, long buffers, long heapKib) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static Footprint now() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return new Footprint(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles(),
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getCount)
                        .sum(),
                (runtime.totalMemory() - runtime.freeMemory()) / 1024);
    }

    private static long openFiles() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
