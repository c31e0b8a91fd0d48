package io.gantry.driver.sim;

import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.spi.driver.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers the images whose content a fleet has seen whole: it is read once, whatever the number of hosts. */
final class ImageLibrary {
    private static final int BUFFER = 1 << 16;

    private final Set<ImageId> whole = ConcurrentHashMap.newKeySet();

    void read(ImageSource source) throws IOException {
        Image image = source.image();
        if (whole.contains(image.id())) {
            return;
        }
        MessageDigest digest = sha256();
        long size = 0;
        try (InputStream content = source.open()) {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
                size += read;
            }
        }
        String checksum = HexFormat.of().formatHex(digest.digest());
        if (size != image.size() || !checksum.equals(image.checksum())) {
            throw new IOException("Image " + image.id() + " has " + size + " bytes with SHA-256 " + checksum
                    + " instead of " + image.size() + " with " + image.checksum());
        }
        whole.add(image.id());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
