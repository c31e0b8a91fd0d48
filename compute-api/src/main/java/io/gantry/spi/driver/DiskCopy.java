package io.gantry.spi.driver;

import io.gantry.image.DiskFormat;
import io.gantry.unit.DiskSize;

/**
 * A copy of a guest's disk.
 *
 * @param name its name
 * @param format the format of its content
 * @param virtualSize the size of the disk that the content describes
 * @param contentBytes how many bytes the content has
 */
public record DiskCopy(String name, DiskFormat format, DiskSize virtualSize, long contentBytes) {}
