package io.gantry.jmh.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What a run makes outside its own memory: a directory, and servers. All of it goes when the process ends, also when it
 * is interrupted. The system property {@code gantry.measure.keep} keeps the directory.
 */
public final class Scratch {
    private final Path directory;
    private final Set<AutoCloseable> servers = ConcurrentHashMap.newKeySet();

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** {@return a new directory whose name begins so} */
    public static Scratch create(String name) {
        try {
            Scratch scratch = new Scratch(Files.createTempDirectory(name));
            Runtime.getRuntime().addShutdownHook(new Thread(scratch::remove, "gantry-cleanup"));
            return scratch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the directory} */
    public Path directory() {
        return directory;
    }

    /** Closes something too when the process ends; closing it twice does no harm. */
    public void alsoClose(AutoCloseable server) {
        servers.add(server);
    }

    private void remove() {
        for (AutoCloseable server : servers) {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("Not closed: " + e);
            }
        }
        if (Boolean.getBoolean("gantry.measure.keep")) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("Not removed: " + directory + ": " + e);
        }
    }
}
