package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.PoolInfo;
import io.gantry.driver.libvirt.port.StorageCalls;
import io.gantry.driver.libvirt.port.VolumeInfo;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.error.InvalidRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The two pools of a host. Made when they are missed, since a host can lose them, too. */
final class StoragePools {
    private static final int ATTEMPTS = 60;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 50;

    private final StorageLayout layout;

    StoragePools(StorageLayout layout) {
        this.layout = layout;
    }

    /** Sees to it that a pool is there and started. */
    PoolInfo ensure(StorageCalls storage, String pool) {
        Optional<PoolInfo> found = storage.pool(pool);
        if (found.isPresent() && found.get().active()) {
            requirePath(storage, pool);
            return found.get();
        }
        try {
            if (found.isEmpty()) {
                storage.definePool(poolXml(pool));
            } else {
                requirePath(storage, pool);
            }
            storage.startPool(pool);
        } catch (LibvirtError e) {
            if (!storage.pool(pool).map(PoolInfo::active).orElse(false)) {
                throw e;
            } // else somebody else started it at the same time
        }
        return storage.pool(pool)
                .orElseThrow(() -> new LibvirtError(
                        LibvirtError.NO_STORAGE_POOL, LibvirtError.FROM_STORAGE, "pool " + pool + " was removed"));
    }

    private void requirePath(StorageCalls storage, String pool) {
        String path = XmlNode.parse(storage.poolXml(pool))
                .find("target/path")
                .map(XmlNode::text)
                .orElse("");
        if (!path.equals(layout.poolPath(pool))) {
            throw new InvalidRequest(
                    "host.properties.storage.directory",
                    layout.directory(),
                    "is not where this host's storage pool '" + pool + "' is, which is " + path,
                    "Give the directory above " + path + ", or remove that pool from the host if it is not in use");
        }
    }

    private String poolXml(String pool) {
        return XmlText.document(
                "pool",
                xml -> xml.attribute("type", "dir")
                        .element("name", pool)
                        .element("target", target -> target.element("path", layout.poolPath(pool))));
    }

    /** {@return a volume, also if it was made behind this daemon's back} */
    Optional<VolumeInfo> volume(StorageCalls storage, String pool, String volume) {
        Optional<VolumeInfo> known = storage.volume(pool, volume);
        if (known.isPresent()) {
            return known;
        }
        refresh(storage, pool);
        return storage.volume(pool, volume);
    }

    /** {@return the names of all volumes, also of those made behind this daemon's back} */
    List<String> volumes(StorageCalls storage, String pool) {
        refresh(storage, pool);
        return storage.volumes(pool);
    }

    /** Reads a pool anew; libvirt refuses that while it builds a volume there, which is short. */
    void refresh(StorageCalls storage, String pool) {
        for (int attempt = 1; ; attempt++) {
            try {
                storage.refreshPool(pool);
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
