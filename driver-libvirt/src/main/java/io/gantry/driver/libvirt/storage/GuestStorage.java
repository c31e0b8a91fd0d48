package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.LibvirtHost;
import io.gantry.driver.libvirt.Turns;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.VolumeInfo;
import io.gantry.driver.libvirt.storage.StoragePools.Purpose;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.ImageSource;
import io.gantry.unit.DiskSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The storage of one host: its image cache, and each guest's disk and console log. */
public final class GuestStorage {
    private final StorageLayout layout;
    private final StoragePools pools;
    private final ImageCache images;
    private final DiskStorage disks;
    private final ConfigDriveStorage configDrives;

    /**
     * Describes a host's storage.
     *
     * @param host the host
     * @param layout what is where
     * @param turns shared by all hosts of a driver
     * @param storage names the storage, the same for hosts that share it
     */
    public GuestStorage(LibvirtHost host, StorageLayout layout, Turns turns, String storage) {
        this.layout = layout;
        this.pools = new StoragePools(layout);
        this.images = new ImageCache(host, pools, turns, storage);
        this.disks = new DiskStorage(host, layout, pools);
        this.configDrives = new ConfigDriveStorage(layout, pools);
    }

    /** {@return what is where} */
    public StorageLayout layout() {
        return layout;
    }

    /** {@return guests' disks} */
    public DiskStorage disks() {
        return disks;
    }

    /** {@return guests' config drives} */
    public ConfigDriveStorage configDrives() {
        return configDrives;
    }

    /**
     * Sees to it that both pools are there.
     *
     * @param port a connection to the host
     * @return the space for guests' disks
     */
    public DiskSize prepare(LibvirtPort port) {
        pools.open(port.storage(), Purpose.IMAGES);
        return new DiskSize(pools.open(port.storage(), Purpose.INSTANCES).capacity());
    }

    /**
     * Brings an image to the host, unless it is there.
     *
     * @param context on whose behalf
     * @param source the image
     * @throws IOException if its content cannot be read
     */
    public void cacheImage(CallContext context, ImageSource source) throws IOException {
        images.cache(context, source);
    }

    /**
     * {@return whether there is any file of a guest}
     *
     * @param port a connection to the host
     * @param guest the guest
     */
    public boolean hasFiles(LibvirtPort port, InstanceId guest) {
        String prefix = guest + ".";
        return pools.open(port.storage(), Purpose.INSTANCES).volumes().stream()
                .anyMatch(volume -> volume.startsWith(prefix));
    }

    /**
     * Deletes all files of a guest: its disks and copies of them, its console log and what log rotation made of that.
     *
     * @param port a connection to the host
     * @param guest the guest
     */
    public void deleteFiles(LibvirtPort port, InstanceId guest) {
        StoragePool pool = pools.open(port.storage(), Purpose.INSTANCES);
        String prefix = guest + ".";
        for (String volume : pool.volumes()) {
            if (volume.startsWith(prefix)) {
                pool.delete(volume);
            }
        }
    }

    /**
     * Deletes a guest's console log, and what log rotation made of it.
     *
     * @param port a connection to the host
     * @param guest the guest
     */
    public void deleteLogs(LibvirtPort port, InstanceId guest) {
        StoragePool pool = pools.open(port.storage(), Purpose.INSTANCES);
        String prefix = StorageLayout.consoleVolume(guest);
        pool.volumes().stream().filter(volume -> volume.startsWith(prefix)).forEach(pool::delete);
    }

    /**
     * {@return the end of a guest's console log}
     *
     * @param port a connection to the host
     * @param guest the guest
     * @param maxBytes how much at most
     * @throws IOException never in fact
     */
    public byte[] consoleLog(LibvirtPort port, InstanceId guest, int maxBytes) throws IOException {
        StoragePool pool = pools.open(port.storage(), Purpose.INSTANCES);
        String volume = StorageLayout.consoleVolume(guest);
        long size = pool.volume(volume).map(VolumeInfo::physical).orElse(0L);
        long length = Math.min(size, Math.max(0, maxBytes));
        ByteArrayOutputStream content = new ByteArrayOutputStream((int) length);
        if (length > 0) {
            pool.download(volume, size - length, length, content);
        }
        return content.toByteArray();
    }

    /**
     * {@return those of some paths where this host has no volume in its two pools}
     *
     * @param port a connection to the host
     * @param paths paths on the host
     */
    public List<String> missing(LibvirtPort port, List<String> paths) {
        List<String> missing = new ArrayList<>(paths);
        for (Purpose purpose : Purpose.values()) {
            StoragePool pool = pools.open(port.storage(), purpose);
            Set<String> present = Set.copyOf(pool.volumes());
            String prefix = layout.poolPath(purpose) + "/";
            missing.removeIf(path -> path.startsWith(prefix) && present.contains(path.substring(prefix.length())));
        }
        return missing;
    }
}
