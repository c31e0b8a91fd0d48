package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.LibvirtHost;
import io.gantry.driver.libvirt.Turns;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.VolumeInfo;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.error.HostUnreachable;
import io.gantry.image.Image;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images on a host. An image's volume counts only together with a second, empty one that is made when the upload is
 * complete and its checksum right: what a crash leaves of an upload is never used, and done again.
 */
final class ImageCache {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCache.class);
    private static final int LOOKS = 8;
    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private final LibvirtHost host;
    private final StoragePools pools;
    private final Turns turns;
    private final String storage;

    /**
     * @param turns shared by all hosts
     * @param storage names the storage, the same for hosts that share it
     */
    ImageCache(LibvirtHost host, StoragePools pools, Turns turns, String storage) {
        this.host = host;
        this.pools = pools;
        this.turns = turns;
        this.storage = storage;
    }

    void cache(CallContext context, ImageSource source) throws IOException {
        Image image = source.image();
        try {
            if (isReady(image)) {
                return;
            }
            boolean done = turns.take(storage + "/" + image.id(), context.timeout(), () -> {
                if (!isReady(image)) {
                    host.transfer("upload image " + image.id(), context.timeout(), port -> upload(port, source));
                }
            });
            if (!done) {
                throw new HostUnreachable(
                        host.id(), "another upload of image " + image.id() + " took too long to wait for", null);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostUnreachable(host.id(), "interrupted while waiting for image " + image.id(), e);
        }
    }

    private boolean isReady(Image image) {
        return host.read("look for image " + image.id(), port -> isReady(images(port), image));
    }

    private StoragePool images(LibvirtPort port) {
        return pools.open(port.storage(), StoragePools.Purpose.IMAGES);
    }

    private static boolean isReady(StoragePool pool, Image image) {
        return pool.volume(StorageLayout.readyVolume(image)).isPresent() && physicalSize(pool, image) == image.size();
    }

    private static long physicalSize(StoragePool pool, Image image) {
        return pool.volume(StorageLayout.imageVolume(image))
                .map(VolumeInfo::physical)
                .orElse(-1L);
    }

    private boolean upload(LibvirtPort port, ImageSource source) throws IOException {
        StoragePool pool = images(port);
        Image image = source.image();
        String volume = StorageLayout.imageVolume(image);
        if (physicalSize(pool, image) >= 0 && !awaitOrRemove(pool, image)) {
            return true;
        }
        pool.create(volumeXml(volume, image.size()));
        boolean complete = false;
        try (InputStream content = source.open()) {
            DigestInputStream digested = new DigestInputStream(content, sha256());
            long written = pool.upload(volume, digested);
            String checksum =
                    HexFormat.of().formatHex(digested.getMessageDigest().digest());
            if (written != image.size() || !checksum.equals(image.checksum())) {
                throw new IOException("The content of image " + image.id() + " has " + written + " bytes and SHA-256 "
                        + checksum + ", not " + image.size() + " and " + image.checksum());
            }
            if (physicalSize(pool, image) != image.size()) {
                throw new IOException("Host " + host.id() + " lost a part of image " + image.id() + " on its way");
            }
            pool.create(volumeXml(StorageLayout.readyVolume(image), 0));
            complete = true;
            return true;
        } finally {
            if (!complete) {
                removePartial(pool, volume);
            }
        }
    }

    private void removePartial(StoragePool pool, String volume) {
        try {
            pool.delete(volume);
        } catch (LibvirtError e) {
            // The failure of the upload matters more; without its ready mark the volume is never used.
            LOG.warn("Host {}: a part of an image stays as volume {}: {}", host.id(), volume, e.text());
        }
    }

    /**
     * There is a volume without its ready mark: another process uploads it now, or one died over it. Waits as long as it
     * grows; removes it when it does not.
     *
     * @return whether the upload is to be done here
     */
    private boolean awaitOrRemove(StoragePool pool, Image image) {
        long size = physicalSize(pool, image);
        for (int look = 0; look < LOOKS; look++) {
            if (isReady(pool, image)) {
                return false;
            }
            StoragePool.pause(BETWEEN_LOOKS_MILLIS);
            long now = physicalSize(pool, image);
            if (now != size) {
                size = now;
                look = 0;
            }
        }
        LOG.info("Host {}: removing what an interrupted upload left of image {}", host.id(), image.id());
        pool.delete(StorageLayout.readyVolume(image));
        pool.delete(StorageLayout.imageVolume(image));
        return true;
    }

    private static String volumeXml(String name, long size) {
        return XmlText.document(
                "volume",
                xml -> xml.attribute("type", "file")
                        .element("name", name)
                        .element("capacity", Long.toString(size))
                        .element("allocation", "0")
                        .element(
                                "target",
                                target -> target.element("format", format -> format.attribute("type", "raw"))
                                        .element("permissions", permissions -> permissions.element("mode", "0644"))));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
