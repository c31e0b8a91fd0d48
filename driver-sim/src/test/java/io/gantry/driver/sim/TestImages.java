package io.gantry.driver.sim;

import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.spi.driver.ImageSource;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/** Images of a few bytes. */
final class TestImages {
    private TestImages() {}

    static ImageSource image() {
        byte[] content = "a disk".getBytes(StandardCharsets.UTF_8);
        return source(content, content);
    }

    static ImageSource source(byte[] declared, byte[] content) {
        Image image = new Image(
                ImageId.random(),
                "image",
                DiskFormat.RAW,
                declared.length,
                DiskSize.mib(1),
                sha256(declared),
                MemorySize.ZERO,
                DiskSize.ZERO,
                Map.of(),
                Instant.EPOCH);
        return new ImageSource() {
            @Override
            public Image image() {
                return image;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        };
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
