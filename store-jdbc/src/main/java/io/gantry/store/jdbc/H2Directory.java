package io.gantry.store.jdbc;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The directory of an H2 store: one opener at a time, and its entries on disk. */
final class H2Directory {
    private static final String LOCK = "state.lock";

    private H2Directory() {}

    static Backend open(Path given, Clock clock, long small) {
        Path directory = given.toAbsolutePath().normalize();
        if (directory.toString().contains(";")) {
            throw new InvalidRequest("directory", given, "has a semicolon", "Choose another name");
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw unusable(given, "is no directory and cannot be created (" + e + ")");
        }
        FileChannel lock = lock(given, directory);
        try {
            return H2Backend.open(
                    () -> H2Files.open("async:" + directory + "/", () -> syncEntries(directory)),
                    directory.toString(),
                    clock,
                    small,
                    () -> lock.close());
        } catch (RuntimeException e) {
            release(lock, e);
            throw e;
        }
    }

    private static FileChannel lock(Path given, Path directory) {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unusable(given, "cannot be written to (" + e + ")");
        }
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            release(channel, e);
            throw unusable(given, "cannot be locked (" + e + ")");
        }
        if (lock == null) {
            Conflict open = new Conflict(
                    new ResourceRef("store", directory.toString()),
                    "The store in directory '" + directory + "' is open already, in this process or in another one",
                    "Close it there, choose another directory, or share a PostgreSQL database");
            release(channel, open);
            throw open;
        }
        return channel;
    }

    private static InvalidRequest unusable(Path directory, String problem) {
        return new InvalidRequest("directory", directory, problem, "Choose one that this user may write to");
    }

    /** A new file is only found after a power loss if the directory that names it is on disk. */
    private static void syncEntries(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static void release(FileChannel lock, Exception reason) {
        try {
            lock.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
