package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.PoolInfo;
import io.gantry.driver.libvirt.port.StorageCalls;
import io.gantry.driver.libvirt.port.VolumeInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A started pool, for the time of one call. */
final class StoragePool {
    private static final int ATTEMPTS = 60;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 50;

    private final StorageCalls storage;
    private final String name;
    private final PoolInfo info;

    StoragePool(StorageCalls storage, String name, PoolInfo info) {
        this.storage = storage;
        this.name = name;
        this.info = info;
    }

    long capacity() {
        return info.capacity();
    }

    /** {@return a volume that the daemon knows; it does not know those that were made behind its back} */
    Optional<VolumeInfo> known(String volume) {
        return storage.volume(name, volume);
    }

    /** {@return a volume, also if it was made behind this daemon's back} */
    Optional<VolumeInfo> volume(String volume) {
        Optional<VolumeInfo> known = known(volume);
        if (known.isPresent()) {
            return known;
        }
        refresh();
        return known(volume);
    }

    /** {@return the names of all volumes that the daemon knows} */
    List<String> knownVolumes() {
        return storage.volumes(name);
    }

    /** {@return the names of all volumes, also of those made behind this daemon's back} */
    List<String> volumes() {
        refresh();
        return storage.volumes(name);
    }

    /** Reads the pool anew; libvirt refuses that while it builds a volume there, which is short. */
    void refresh() {
        for (int attempt = 1; ; attempt++) {
            try {
                storage.refreshPool(name);
                return;
            } catch (LibvirtError e) {
                boolean busy = e.code() == LibvirtError.INTERNAL_ERROR && e.domain() == LibvirtError.FROM_STORAGE;
                if (!busy || attempt == ATTEMPTS) {
                    throw e;
                }
                pause(BETWEEN_ATTEMPTS_MILLIS);
            }
        }
    }

    void create(String xml) {
        storage.createVolume(name, xml);
    }

    void grow(String volume, long capacity) {
        storage.growVolume(name, volume, capacity);
    }

    void delete(String volume) {
        storage.deleteVolume(name, volume);
    }

    long upload(String volume, InputStream content) throws IOException {
        return storage.upload(name, volume, content);
    }

    void download(String volume, long offset, long length, OutputStream sink) throws IOException {
        storage.download(name, volume, offset, length, sink);
    }

    static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LibvirtError error = new LibvirtError(
                    LibvirtError.OPERATION_FAILED, LibvirtError.FROM_STORAGE, "interrupted while storage was busy");
            error.initCause(e);
            throw error;
        }
    }
}
