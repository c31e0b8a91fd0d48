package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.LibvirtHost;
import io.gantry.driver.libvirt.PortCall;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.VolumeInfo;
import io.gantry.driver.libvirt.storage.StoragePools.Purpose;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.error.ComputeException;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.unit.DiskSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volumes that are guests' disks. All are QCOW2, and declared so. */
public final class DiskStorage {
    private static final Logger LOG = LoggerFactory.getLogger(DiskStorage.class);
    private static final String QCOW2 = "qcow2";
    private static final String RAW = "raw";
    /** libvirt makes disks of whole KiB. */
    private static final long UNIT = 1024;

    private final LibvirtHost host;
    private final StorageLayout layout;
    private final StoragePools pools;

    DiskStorage(LibvirtHost host, StorageLayout layout, StoragePools pools) {
        this.host = host;
        this.layout = layout;
        this.pools = pools;
    }

    private StoragePool pool(LibvirtPort port) {
        return pools.open(port.storage(), Purpose.INSTANCES);
    }

    /**
     * {@return all disks}
     *
     * @param port a connection to the host
     */
    public DiskFiles files(LibvirtPort port) {
        return new DiskFiles(pool(port).volumes());
    }

    /**
     * {@return all disks that the host's daemon has seen or made: all there are, if no other host shares the storage}
     *
     * @param port a connection to the host
     */
    public DiskFiles knownFiles(LibvirtPort port) {
        return new DiskFiles(pool(port).knownVolumes());
    }

    /**
     * {@return the disk at a path on the host; empty if no disk of ours can be there}
     *
     * @param path the path
     */
    public Optional<DiskFile> at(String path) {
        String prefix = layout.poolPath(Purpose.INSTANCES) + "/";
        return path.startsWith(prefix) ? DiskFile.parse(path.substring(prefix.length())) : Optional.empty();
    }

    /**
     * {@return the size of a disk that is there, as its guest sees it; empty if it is missing or no QCOW2 file}
     *
     * @param port a connection to the host
     * @param disk the disk
     * @throws IOException never in fact
     */
    public Optional<DiskSize> size(LibvirtPort port, DiskFile disk) throws IOException {
        StoragePool pool = pool(port);
        Optional<VolumeInfo> volume = pool.volume(disk.volume());
        if (volume.isEmpty() || volume.get().physical() < Qcow2Header.LENGTH) {
            return Optional.empty();
        }
        ByteArrayOutputStream start = new ByteArrayOutputStream(Qcow2Header.LENGTH);
        pool.download(disk.volume(), 0, Qcow2Header.LENGTH, start);
        return Qcow2Header.parse(start.toByteArray()).map(header -> new DiskSize(header.virtualSize()));
    }

    /**
     * {@return how many bytes the file of a disk has}
     *
     * @param port a connection to the host
     * @param disk the disk
     */
    public long fileBytes(LibvirtPort port, DiskFile disk) {
        return pool(port).volume(disk.volume()).map(VolumeInfo::physical).orElse(0L);
    }

    /**
     * Makes a disk over a cached image, in place of what a crash may have left in its name.
     *
     * @param port a connection to the host
     * @param disk the disk
     * @param image what it starts as
     * @param size its size
     */
    public void createOverlay(LibvirtPort port, DiskFile disk, Image image, DiskSize size) {
        createOverlay(port, disk.volume(), image, size);
    }

    /**
     * Makes a guest's rescue disk anew.
     *
     * @param port a connection to the host
     * @param guest the guest
     * @param image what it starts as
     */
    public void createRescue(LibvirtPort port, InstanceId guest, Image image) {
        createOverlay(port, StorageLayout.rescueVolume(guest), image, image.virtualSize());
    }

    private void createOverlay(LibvirtPort port, String volume, Image image, DiskSize size) {
        String backing = image.format() == DiskFormat.QCOW2 ? QCOW2 : RAW;
        create(
                pool(port),
                volume,
                diskXml(
                        volume,
                        QCOW2,
                        size.bytes(),
                        xml -> xml.element(
                                "backingStore",
                                store -> store.element("path", layout.imagePath(image))
                                        .element("format", format -> format.attribute("type", backing)))));
    }

    /**
     * Makes an empty disk, in place of what a crash may have left in its name.
     *
     * @param port a connection to the host
     * @param disk the disk
     * @param size its size
     */
    public void createEmpty(LibvirtPort port, DiskFile disk, DiskSize size) {
        create(pool(port), disk.volume(), diskXml(disk.volume(), QCOW2, size.bytes(), xml -> {}));
    }

    private static void create(StoragePool pool, String volume, String xml) {
        pool.delete(volume);
        try {
            pool.create(xml);
        } catch (LibvirtError e) {
            if (pool.volume(volume).isEmpty()) {
                throw e;
            } // else the pool did not know what a crash, or another host, had left
            pool.delete(volume);
            pool.create(xml);
        }
    }

    private static String diskXml(String volume, String format, long capacity, XmlText.Content backing) {
        return XmlText.document("volume", xml -> {
            xml.attribute("type", "file")
                    .element("name", volume)
                    .element("capacity", String.format(Locale.ROOT, "%d", capacity))
                    .element("allocation", "0")
                    .element(
                            "target",
                            target -> target.element("format", element -> element.attribute("type", format))
                                    .element("permissions", permissions -> permissions.element("mode", "0600")));
            backing.writeTo(xml);
        });
    }

    /**
     * Grows a disk that no guest uses now. Does nothing if it has that size, or is larger.
     *
     * @param port a connection to the host
     * @param disk the disk
     * @param size the size
     * @throws IOException never in fact
     */
    public void grow(LibvirtPort port, DiskFile disk, DiskSize size) throws IOException {
        Optional<DiskSize> now = size(port, disk);
        if (now.isPresent() && now.get().compareTo(size) < 0) {
            pool(port).grow(disk.volume(), size.bytes());
        }
    }

    /**
     * Says on the storage that a disk is not whole, before it is made.
     *
     * @param port a connection to the host
     * @param disk the disk
     */
    public void begin(LibvirtPort port, DiskFile disk) {
        create(pool(port), disk.partMark(), diskXml(disk.partMark(), RAW, 0, xml -> {}));
    }

    /**
     * Says on the storage that a disk is whole.
     *
     * @param port a connection to the host
     * @param disk the disk
     */
    public void finish(LibvirtPort port, DiskFile disk) {
        pool(port).delete(disk.partMark());
    }

    /**
     * Says on the storage that a copy is its guest's root disk from now on.
     *
     * @param port a connection to the host
     * @param disk the copy
     * @param context on whose behalf
     */
    public void markAsRoot(LibvirtPort port, DiskFile disk, CallContext context) {
        String mark = disk.rootMark(context);
        create(pool(port), mark, diskXml(mark, RAW, 0, xml -> {}));
    }

    /**
     * Undoes {@link #markAsRoot} after what followed it has failed.
     *
     * @param disk the copy
     * @param context on whose behalf that was
     */
    public void unmarkAsRoot(DiskFile disk, CallContext context) {
        tidy(disk.rootMark(context), port -> {
            pool(port).delete(disk.rootMark(context));
            return true;
        });
    }

    /**
     * Deletes a disk, its marks last. Does nothing if it is not there.
     *
     * @param port a connection to the host
     * @param files what is there
     * @param disk the disk
     */
    public void delete(LibvirtPort port, DiskFiles files, DiskFile disk) {
        StoragePool pool = pool(port);
        files.withMarks(disk).forEach(pool::delete);
    }

    /**
     * Deletes what was begun of a disk after that has failed. What cannot be deleted stays marked as a part.
     *
     * @param disk the disk
     */
    public void discard(DiskFile disk) {
        tidy(disk.volume(), port -> {
            StoragePool pool = pool(port);
            pool.delete(rawVolume(disk));
            pool.delete(disk.volume());
            pool.delete(disk.partMark());
            return true;
        });
    }

    /** Tidies up after a failure, which matters more than whether this succeeds; also for a caller who was interrupted. */
    private void tidy(String volume, PortCall<Boolean> call) {
        boolean interrupted = Thread.interrupted(); // or no call would be made
        try {
            host.control("delete volume " + volume, call);
        } catch (ComputeException e) {
            LOG.warn("Host {}: volume {} could not be deleted", host.id(), volume, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Deletes a guest's rescue disk. Does nothing if there is none.
     *
     * @param port a connection to the host
     * @param guest the guest
     */
    public void deleteRescue(LibvirtPort port, InstanceId guest) {
        pool(port).delete(StorageLayout.rescueVolume(guest));
    }

    /**
     * Fills a disk with content in its own format, QCOW2.
     *
     * @param port a connection to the host
     * @param disk the disk, which was begun
     * @param content the content
     * @param bytes how many it has
     * @param size what disk it describes
     * @throws IOException if it cannot be read, breaks off, or is not what it is said to be
     */
    public void upload(LibvirtPort port, DiskFile disk, InputStream content, long bytes, DiskSize size)
            throws IOException {
        byte[] start = content.readNBytes(Qcow2Header.LENGTH);
        Optional<Qcow2Header> header = Qcow2Header.parse(start);
        if (header.isEmpty() || !header.get().standsAlone() || header.get().virtualSize() != size.bytes()) {
            throw new IOException("The content is no QCOW2 disk of " + size.bytes() + " bytes that stands alone");
        }
        fill(
                pool(port),
                disk.volume(),
                new SequenceInputStream(new ByteArrayInputStream(start), content),
                bytes,
                bytes);
        // The pool knows the volume by what it was made as, until it has read it anew.
        pool(port).refresh();
    }

    /**
     * Puts content in raw format beside a disk.
     *
     * @param port a connection to the host
     * @param disk the disk, which was begun
     * @param content the content
     * @param bytes how many it has
     * @throws IOException if it cannot be read, or breaks off
     */
    public void uploadRaw(LibvirtPort port, DiskFile disk, InputStream content, long bytes) throws IOException {
        fill(pool(port), rawVolume(disk), content, bytes, roomFor(bytes).bytes());
    }

    /**
     * {@return the path of what {@link #uploadRaw} makes}
     *
     * @param disk the disk
     */
    public String rawPath(DiskFile disk) {
        return layout.poolPath(Purpose.INSTANCES) + "/" + rawVolume(disk);
    }

    /**
     * Deletes what {@link #uploadRaw} made.
     *
     * @param port a connection to the host
     * @param disk the disk
     */
    public void discardRaw(LibvirtPort port, DiskFile disk) {
        pool(port).delete(rawVolume(disk));
    }

    /**
     * {@return the size of the disk that has room for some content}
     *
     * @param bytes how many it has
     */
    public static DiskSize roomFor(long bytes) {
        return new DiskSize((bytes + UNIT - 1) / UNIT * UNIT);
    }

    private static String rawVolume(DiskFile disk) {
        return disk.volume() + ".raw";
    }

    static void fill(StoragePool pool, String volume, InputStream content, long bytes, long room) throws IOException {
        create(pool, volume, diskXml(volume, RAW, room, xml -> {}));
        long written = pool.upload(volume, content);
        long there = pool.volume(volume).map(VolumeInfo::physical).orElse(-1L);
        if (written != bytes || there != room) {
            throw new IOException("The content of a disk has " + written + " bytes and should have " + bytes
                    + "; its file has " + there + " and should have " + room);
        }
    }

    /**
     * Opens a disk's file. Each piece is a call of its own, so a slow reader keeps nothing open.
     *
     * @param disk the disk
     * @param bytes how many the file has
     * @return its content
     */
    public InputStream open(DiskFile disk, long bytes) {
        return new VolumeContent(
                bytes,
                (offset, length) -> host.read("read a piece of " + disk.volume(), host.callDeadline(), port -> {
                    ByteArrayOutputStream piece = new ByteArrayOutputStream(length);
                    pool(port).download(disk.volume(), offset, length, piece);
                    return piece.toByteArray();
                }));
    }
}
