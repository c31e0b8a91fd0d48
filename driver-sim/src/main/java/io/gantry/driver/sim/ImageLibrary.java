package io.gantry.driver.sim;

import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.spi.driver.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The images whose content a fleet has seen whole: it is read once, whatever the number of hosts. */
final class ImageLibrary {
    private final Map<ImageId, DiskContent> whole = new ConcurrentHashMap<>();

    void read(ImageSource source) throws IOException {
        Image image = source.image();
        if (whole.containsKey(image.id())) {
            return;
        }
        ScannedContent scanned;
        try (InputStream content = source.open()) {
            scanned = ScannedContent.read(content);
        }
        if (scanned.size() != image.size() || !scanned.checksum().equals(image.checksum())) {
            throw new IOException("Image " + image.id() + " has " + scanned.size() + " bytes with SHA-256 "
                    + scanned.checksum() + " instead of " + image.size() + " with " + image.checksum());
        }
        whole.put(image.id(), scanned.disk(image.format()));
    }

    /** What a disk that is made of an image holds. */
    Optional<DiskContent> content(ImageId image) {
        return Optional.ofNullable(whole.get(image));
    }
}
