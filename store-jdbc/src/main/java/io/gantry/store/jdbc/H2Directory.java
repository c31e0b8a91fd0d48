package io.gantry.store.jdbc;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.StoreUnavailable;
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
    private static final String DATABASE = "state";

    private H2Directory() {}

    static Backend open(Path given, Clock clock) {
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
            Path journal = directory.resolve(DATABASE + JournaledFilePath.DATABASE_SUFFIX + JournaledFilePath.SUFFIX);
            if (!Files.exists(journal)) {
                Files.createFile(journal);
            }
            syncEntries(directory);
            Backend backend =
                    H2Backend.open("async:" + directory.resolve(DATABASE), directory.toString(), clock, () -> {
                        lock.close();
                    });
            syncEntries(directory);
            return backend;
        } catch (IOException e) {
            release(lock, e);
            throw new StoreUnavailable(
                    directory.toString(), "its files cannot be used: " + e, "Check the directory's rights", e);
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
