package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.PoolInfo;
import io.gantry.driver.libvirt.port.StorageCalls;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.driver.libvirt.xml.XmlText;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The two pools of a host. They are looked for and, if missing, made or started at each use, since a host can lose them.
 * A host may have pools for several directories: all but the first get a name with a suffix.
 */
final class StoragePools {
    /** What a pool is for. */
    enum Purpose {
        /** Cached images. */
        IMAGES("images"),
        /** Guests' disks and console logs. */
        INSTANCES("instances");

        private final String word;

        Purpose(String word) {
            this.word = word;
        }

        /** {@return the pool's directory below the host's, and the end of its name} */
        String word() {
            return word;
        }
    }

    private final StorageLayout layout;
    private final Map<Purpose, String> names = new EnumMap<>(Purpose.class);

    StoragePools(StorageLayout layout) {
        this.layout = layout;
    }

    /** {@return a pool, started} */
    StoragePool open(StorageCalls storage, Purpose purpose) {
        String known = name(purpose);
        if (known != null) {
            Optional<PoolInfo> pool = storage.pool(known);
            if (pool.isPresent() && pool.get().active()) {
                return new StoragePool(storage, known, pool.get());
            }
        }
        return find(storage, purpose);
    }

    private StoragePool find(StorageCalls storage, Purpose purpose) {
        String path = layout.poolPath(purpose);
        String plain = "gantry-" + purpose.word();
        String suffixed = plain + "-"
                + UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 8);
        String name = suffixed;
        Optional<PoolInfo> pool = storage.pool(suffixed);
        if (pool.isEmpty()) {
            pool = storage.pool(plain).filter(found -> isAt(storage, plain, path));
            name = pool.isPresent() || storage.pool(plain).isEmpty() ? plain : suffixed;
        }
        PoolInfo started = pool.isPresent() && pool.get().active() ? pool.get() : start(storage, name, path, pool);
        remember(purpose, name);
        return new StoragePool(storage, name, started);
    }

    private static PoolInfo start(StorageCalls storage, String name, String path, Optional<PoolInfo> defined) {
        try {
            if (defined.isEmpty()) {
                storage.definePool(poolXml(name, path));
            }
            storage.startPool(name);
        } catch (LibvirtError e) {
            if (!storage.pool(name).map(PoolInfo::active).orElse(false) || !isAt(storage, name, path)) {
                throw e;
            } // else somebody else started it at the same time
        }
        return storage.pool(name)
                .orElseThrow(() -> new LibvirtError(
                        LibvirtError.NO_STORAGE_POOL, LibvirtError.FROM_STORAGE, "pool " + name + " was removed"));
    }

    private static boolean isAt(StorageCalls storage, String pool, String path) {
        return XmlNode.parse(storage.poolXml(pool))
                .find("target/path")
                .map(XmlNode::text)
                .filter(path::equals)
                .isPresent();
    }

    private static String poolXml(String name, String path) {
        return XmlText.document(
                "pool",
                xml -> xml.attribute("type", "dir")
                        .element("name", name)
                        .element("target", target -> target.element("path", path)));
    }

    private @Nullable String name(Purpose purpose) {
        synchronized (names) {
            return names.get(purpose);
        }
    }

    private void remember(Purpose purpose, String name) {
        synchronized (names) {
            names.put(purpose, name);
        }
    }
}
