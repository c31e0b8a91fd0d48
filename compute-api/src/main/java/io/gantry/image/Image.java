package io.gantry.image;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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
    /** Property: whether guests of the image have a QEMU guest agent; {@code yes}, {@code true}, {@code no} and so on. */
    public static final String HW_QEMU_GUEST_AGENT = "hw_qemu_guest_agent";
    /** Property: the administrator's name in guests of the image; {@code root} without it. */
    public static final String OS_ADMIN_USER = "os_admin_user";

    private static final List<String> CDROM_BUSES = List.of("ide", "sata", "scsi");
    private static final String ROOT = "root";
    private static final Set<String> YES = Set.of("1", "t", "true", "on", "y", "yes");
    private static final Set<String> NO = Set.of("0", "f", "false", "off", "n", "no");
    private static final Pattern USER = Pattern.compile("[^:\\p{Cntrl}\\s]{1,64}");

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

    /**
     * {@return whether guests of the image have a QEMU guest agent, as {@link #HW_QEMU_GUEST_AGENT} says; false without it}
     * As in Nova, a word that means neither is a no.
     */
    public boolean hasGuestAgent() {
        return YES.contains(word(properties.getOrDefault(HW_QEMU_GUEST_AGENT, "")));
    }

    /**
     * {@return the administrator's name in guests of the image, as {@link #OS_ADMIN_USER} says; {@code root} without it}
     *
     * @throws InvalidRequest if that is no possible name
     */
    public String adminUser() {
        return adminUser(properties);
    }

    private static String adminUser(Map<String, String> properties) {
        String user = properties.getOrDefault(OS_ADMIN_USER, ROOT);
        if (!USER.matcher(user).matches()) {
            throw new InvalidRequest(
                    "image.properties." + OS_ADMIN_USER,
                    user,
                    "must have 1 to 64 characters, none of them ':', a space or a control character",
                    "Name a user such as 'root'");
        }
        return user;
    }

    /**
     * {@return the bus of the guest's CD-ROM, as {@link #CDROM_BUS} says; empty if the machine's own is to be used}
     *
     * @throws InvalidRequest if it is none of {@code ide}, {@code sata} and {@code scsi}
     */
    public Optional<String> cdromBus() {
        return cdromBus(properties);
    }

    private static Optional<String> cdromBus(Map<String, String> properties) {
        Optional<String> bus = Optional.ofNullable(properties.get(CDROM_BUS));
        if (bus.isPresent() && !CDROM_BUSES.contains(bus.get())) {
            throw new InvalidRequest(
                    "image.properties." + CDROM_BUS,
                    bus.get(),
                    "is no bus for a CD-ROM",
                    "Use one of " + String.join(", ", CDROM_BUSES) + ", or leave it out");
        }
        return bus;
    }

    /**
     * Checks the properties that Gantry itself understands.
     *
     * @param properties image properties
     * @throws InvalidRequest if one of them has a value that means nothing
     */
    static void check(Map<String, String> properties) {
        String agent = properties.getOrDefault(HW_QEMU_GUEST_AGENT, "no");
        if (!YES.contains(word(agent)) && !NO.contains(word(agent))) {
            throw new InvalidRequest(
                    "image.properties." + HW_QEMU_GUEST_AGENT, agent, "is neither yes nor no", "Use 'yes' or 'no'");
        }
        adminUser(properties);
        cdromBus(properties);
    }

    private static String word(String value) {
        return value.strip().toLowerCase(Locale.ROOT);
    }
}
