package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.VolumeInfo;
import io.gantry.driver.libvirt.storage.StoragePools.Purpose;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.ConfigDrive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The volumes that are guests' config drives. */
public final class ConfigDriveStorage {
    private static final int DIGEST_DIGITS = 16;

    private final StorageLayout layout;
    private final StoragePools pools;

    ConfigDriveStorage(StorageLayout layout, StoragePools pools) {
        this.layout = layout;
        this.pools = pools;
    }

    /**
     * Writes a guest's config drive, unless it is there.
     *
     * @param port a connection to the host
     * @param guest the guest
     * @param drive the config drive
     * @return its path on the host
     * @throws IOException if less than all of it was written
     */
    public String write(LibvirtPort port, InstanceId guest, ConfigDrive drive) throws IOException {
        byte[] content;
        try (InputStream stream = drive.open()) {
            content = stream.readAllBytes();
        }
        String volume = StorageLayout.configDriveVolume(guest, digest(content));
        StoragePool pool = pools.open(port.storage(), Purpose.INSTANCES);
        if (!holds(pool, volume, content)) {
            DiskStorage.fill(pool, volume, drive.open(), content.length, content.length);
        }
        return layout.configDrivePath(volume);
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A volume that a crash has left may have the right name and length, and yet not all of the content. */
    private static boolean holds(StoragePool pool, String volume, byte[] content) throws IOException {
        Optional<VolumeInfo> there = pool.known(volume);
        if (there.isEmpty() || there.get().physical() != content.length) {
            return false;
        }
        ByteArrayOutputStream found = new ByteArrayOutputStream(content.length);
        pool.download(volume, 0, content.length, found);
        return Arrays.equals(found.toByteArray(), content);
    }

    /**
     * Deletes a guest's config drives but one. Does nothing if there are none.
     *
     * @param port a connection to the host
     * @param guest the guest
     * @param kept the path of the one to keep; empty for none
     */
    public void deleteAllBut(LibvirtPort port, InstanceId guest, Optional<String> kept) {
        StoragePool pool = pools.open(port.storage(), Purpose.INSTANCES);
        pool.volumes().stream()
                .filter(volume -> StorageLayout.isConfigDrive(guest, volume))
                .filter(volume -> !kept.equals(Optional.of(layout.configDrivePath(volume))))
                .forEach(pool::delete);
    }
}
