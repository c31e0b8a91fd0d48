package io.gantry.driver.libvirt.jna;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.PoolInfo;
import io.gantry.driver.libvirt.port.StorageCalls;
import io.gantry.driver.libvirt.port.VolumeInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.libvirt.jna.CString;
import org.libvirt.jna.StoragePoolPointer;
import org.libvirt.jna.StorageVolPointer;
import org.libvirt.jna.virStoragePoolInfo;
import org.libvirt.jna.virStorageVolInfo;

final class JnaStorageCalls implements StorageCalls {
    private static final int POOL_RUNNING = 2;
    private static final int VOLUME_PHYSICAL_SIZE = 1;
    private static final int SPARE_NAMES = 64;

    private final NativeConnection connection;
    private final NativeLibvirt lib;

    JnaStorageCalls(NativeConnection connection) {
        this.connection = connection;
        this.lib = connection.lib();
    }

    private <T> T withPool(String name, Function<StoragePoolPointer, T> use) {
        return connection.using(
                lib.virStoragePoolLookupByName(connection.pointer(), name), lib::virStoragePoolFree, pool -> {
                    connection.pointer(); // refuses if the connection was given up during the look-up
                    return use.apply(pool);
                });
    }

    private <T> T withVolume(String pool, String name, Function<StorageVolPointer, T> use) {
        return withPool(
                pool,
                held -> connection.using(lib.virStorageVolLookupByName(held, name), lib::virStorageVolFree, volume -> {
                    connection.pointer();
                    return use.apply(volume);
                }));
    }

    @Override
    public Optional<PoolInfo> pool(String name) {
        return unlessMissing(
                LibvirtError.NO_STORAGE_POOL,
                () -> withPool(name, pool -> {
                    virStoragePoolInfo info = new virStoragePoolInfo();
                    connection.check(lib.virStoragePoolGetInfo(pool, info));
                    return new PoolInfo(info.state == POOL_RUNNING, info.capacity, info.available);
                }));
    }

    @Override
    public String poolXml(String name) {
        return withPool(name, pool -> connection.text(lib.virStoragePoolGetXMLDesc(pool, 0)));
    }

    @Override
    public void definePool(String xml) {
        connection.using(
                lib.virStoragePoolDefineXML(connection.pointer(), xml, 0),
                lib::virStoragePoolFree,
                pool -> Boolean.TRUE);
    }

    @Override
    public void startPool(String name) {
        withPool(name, pool -> {
            connection.check(lib.virStoragePoolBuild(pool, 0));
            connection.check(lib.virStoragePoolSetAutostart(pool, 1));
            return connection.check(lib.virStoragePoolCreate(pool, 0));
        });
    }

    @Override
    public void refreshPool(String name) {
        withPool(name, pool -> connection.check(lib.virStoragePoolRefresh(pool, 0)));
    }

    @Override
    public List<String> volumes(String name) {
        return withPool(name, pool -> {
            // A list as long as the room for it may be cut: volumes can have been added since they were counted.
            int most = connection.check(lib.virStoragePoolNumOfVolumes(pool)) + SPARE_NAMES;
            List<String> volumes = list(pool, most);
            while (volumes.size() == most) {
                most *= 2;
                volumes = list(pool, most);
            }
            return volumes;
        });
    }

    private List<String> list(StoragePoolPointer pool, int most) {
        CString[] names = new CString[most];
        int count = connection.check(lib.virStoragePoolListVolumes(pool, names, most));
        List<String> volumes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            volumes.add(names[i].toString());
        }
        return volumes;
    }

    @Override
    public Optional<VolumeInfo> volume(String pool, String name) {
        return unlessMissing(
                LibvirtError.NO_STORAGE_VOL,
                () -> withVolume(pool, name, volume -> {
                    virStorageVolInfo info = new virStorageVolInfo();
                    connection.check(lib.virStorageVolGetInfoFlags(volume, info, VOLUME_PHYSICAL_SIZE));
                    return new VolumeInfo(
                            connection.text(lib.virStorageVolGetPath(volume)), info.capacity, info.allocation);
                }));
    }

    @Override
    public void createVolume(String pool, String xml) {
        withPool(
                pool,
                held -> connection.using(
                        lib.virStorageVolCreateXML(held, xml, 0), lib::virStorageVolFree, volume -> Boolean.TRUE));
    }

    @Override
    public void growVolume(String pool, String name, long capacity) {
        withVolume(pool, name, volume -> connection.check(lib.virStorageVolResize(volume, capacity, 0)));
    }

    @Override
    public void deleteVolume(String pool, String name) {
        unlessMissing(
                LibvirtError.NO_STORAGE_VOL,
                () -> withVolume(pool, name, volume -> connection.check(lib.virStorageVolDelete(volume, 0))));
    }

    @Override
    public long upload(String pool, String name, InputStream content) throws IOException {
        try (VolumeStream stream = new VolumeStream(connection)) {
            withVolume(
                    pool, name, volume -> connection.check(lib.virStorageVolUpload(volume, stream.pointer(), 0, 0, 0)));
            return stream.send(content);
        }
    }

    @Override
    public void download(String pool, String name, long offset, long length, OutputStream sink) throws IOException {
        try (VolumeStream stream = new VolumeStream(connection)) {
            withVolume(
                    pool,
                    name,
                    volume -> connection.check(lib.virStorageVolDownload(volume, stream.pointer(), offset, length, 0)));
            stream.receive(sink);
        }
    }

    private interface NativeCall<T> {
        T call();
    }

    private static <T> Optional<T> unlessMissing(int code, NativeCall<T> call) {
        try {
            return Optional.of(call.call());
        } catch (LibvirtError e) {
            if (e.code() == code) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
