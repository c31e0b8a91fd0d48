package io.gantry.tck;

import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.io.InputStream;

/** A copy of a disk as the content of another one. */
record CopySource(GuestDisks disks, InstanceId instance, DiskCopy copy) implements DiskSource {
    @Override
    public DiskFormat format() {
        return copy.format();
    }

    @Override
    public DiskSize virtualSize() {
        return copy.virtualSize();
    }

    @Override
    public long contentBytes() {
        return copy.contentBytes();
    }

    @Override
    public InputStream open() throws IOException {
        return disks.open(instance, copy.name());
    }
}
