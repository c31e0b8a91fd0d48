package io.gantry.image;

import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.Map;

/**
 * An image in an image store.
 *
 * @param id its id
 * @param name its name; not unique
 * @param format the format of its content
 * @param size bytes of content
 * @param virtualSize size of the disk that a guest sees; equals {@code size} unless the format says otherwise
 * @param checksum SHA-256 of the content, 64 lower-case hexadecimal digits
 * @param minMemory least memory that a flavor must have
 * @param minDisk least root disk that a flavor must have, where it sets one
 * @param properties image properties by Glance's names, such as {@code kernel_id}
 * @param createdAt when it was imported
 */
public record Image(
        ImageId id,
        String name,
        DiskFormat format,
        long size,
        DiskSize virtualSize,
        String checksum,
        MemorySize minMemory,
        DiskSize minDisk,
        Map<String, String> properties,
        Instant createdAt) {
    /** Property: id of the image that holds the kernel to boot directly. */
    public static final String KERNEL_ID = "kernel_id";
    /** Property: id of the image that holds the initial RAM disk of {@link #KERNEL_ID}. */
    public static final String RAMDISK_ID = "ramdisk_id";
    /** Property: command line of the kernel of {@link #KERNEL_ID}. */
    public static final String OS_COMMAND_LINE = "os_command_line";
    /** Property: processor architecture that the image needs, such as {@code x86_64}. */
    public static final String ARCHITECTURE = "hw_architecture";
    /** Property: bus of the guest's CD-ROM, on which it has its config drive: {@code ide}, {@code sata} or {@code scsi}. */
    public static final String CDROM_BUS = "hw_cdrom_bus";

    /**
     * Copies the properties.
     *
     * @param id see the record
     * @param name see the record
     * @param format see the record
     * @param size see the record
     * @param virtualSize see the record
     * @param checksum see the record
     * @param minMemory see the record
     * @param minDisk see the record
     * @param properties see the record
     * @param createdAt see the record
     */
    public Image {
        properties = Map.copyOf(properties);
    }
}
