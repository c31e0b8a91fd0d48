package io.gantry.driver.libvirt.storage;

import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import java.util.Locale;

/**
 * What is where on a host.
 *
 * @param directory an absolute path on the host
 */
public record StorageLayout(String directory) {
    /**
     * {@return the path of a pool}
     *
     * @param purpose what the pool is for
     */
    String poolPath(StoragePools.Purpose purpose) {
        return directory + "/" + purpose.word();
    }

    static String imageVolume(Image image) {
        return image.id() + "." + image.format().name().toLowerCase(Locale.ROOT);
    }

    /** {@return the volume whose presence says that the image's volume is complete} */
    static String readyVolume(Image image) {
        return image.id() + ".ready";
    }

    static String rescueVolume(InstanceId guest) {
        return guest + ".rescue.qcow2";
    }

    /** {@return what the names of a guest's config drives begin with} */
    private static String configDrivePrefix(InstanceId guest) {
        return guest + ".config-";
    }

    /** {@return the volume of a config drive, named by what it holds: so one that a guest uses is never written over} */
    static String configDriveVolume(InstanceId guest, String digest) {
        return configDrivePrefix(guest) + digest + ".iso";
    }

    static boolean isConfigDrive(InstanceId guest, String volume) {
        return volume.startsWith(configDrivePrefix(guest));
    }

    static String consoleVolume(InstanceId guest) {
        return guest + ".console.log";
    }

    /**
     * {@return the path of a cached image}
     *
     * @param image the image
     */
    public String imagePath(Image image) {
        return poolPath(StoragePools.Purpose.IMAGES) + "/" + imageVolume(image);
    }

    /**
     * {@return the path of a disk, in QCOW2 format}
     *
     * @param disk the disk
     */
    public String diskPath(DiskFile disk) {
        return poolPath(StoragePools.Purpose.INSTANCES) + "/" + disk.volume();
    }

    /**
     * {@return the path of a guest's rescue disk, in QCOW2 format}
     *
     * @param guest the guest
     */
    public String rescuePath(InstanceId guest) {
        return poolPath(StoragePools.Purpose.INSTANCES) + "/" + rescueVolume(guest);
    }

    /**
     * {@return whether a path is that of a config drive of a guest}
     *
     * @param guest the guest
     * @param path the path
     */
    public boolean isConfigDrivePath(InstanceId guest, String path) {
        String prefix = poolPath(StoragePools.Purpose.INSTANCES) + "/";
        return path.startsWith(prefix) && isConfigDrive(guest, path.substring(prefix.length()));
    }

    String configDrivePath(String volume) {
        return poolPath(StoragePools.Purpose.INSTANCES) + "/" + volume;
    }

    /**
     * {@return the path of a guest's console log}
     *
     * @param guest the guest
     */
    public String consolePath(InstanceId guest) {
        return poolPath(StoragePools.Purpose.INSTANCES) + "/" + consoleVolume(guest);
    }
}
