package io.gantry.driver.kvm;

import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Contents of disks. */
record Contents(DiskFormat format, DiskSize virtualSize, long contentBytes, Opening opening) implements DiskSource {
    /** How to open one. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    static Contents of(GuestDisks disks, InstanceId id, DiskCopy copy) {
        return new Contents(copy.format(), copy.virtualSize(), copy.contentBytes(), () -> disks.open(id, copy.name()));
    }

    static Contents of(Path file, DiskFormat format, DiskSize virtualSize) {
        try {
            return new Contents(format, virtualSize, Files.size(file), () -> Files.newInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStream open() throws IOException {
        return opening.open();
    }
}
