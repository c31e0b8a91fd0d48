package io.gantry.driver.kvm;

import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.lab.Lab;
import io.gantry.spi.driver.ImageSource;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The lab's guest as images. */
record LabImages(FileImage disk, FileImage kernel, FileImage ramdisk) {
    static final DiskSize DISK = DiskSize.mib(64);

    /** An image whose content is a file. */
    record FileImage(Image image, Path file) implements ImageSource {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }
    }

    static LabImages of(Lab lab) {
        return new LabImages(
                image(lab.baseImage(), DiskFormat.QCOW2, DISK),
                image(lab.kernel(), DiskFormat.AKI, DiskSize.ZERO),
                image(lab.initrd(), DiskFormat.ARI, DiskSize.ZERO));
    }

    /** As {@link #of}, of guests with an agent where they have its channel. */
    static LabImages withAgent(Lab lab) {
        LabImages plain = of(lab);
        return new LabImages(plain.disk(), plain.kernel(), image(lab.agentInitrd(), DiskFormat.ARI, DiskSize.ZERO));
    }

    List<FileImage> all() {
        return List.of(disk, kernel, ramdisk);
    }

    static FileImage image(Path file, DiskFormat format, DiskSize virtualSize) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
                content.transferTo(java.io.OutputStream.nullOutputStream());
            }
            long size = Files.size(file);
            return new FileImage(
                    new Image(
                            ImageId.random(),
                            file.getFileName().toString(),
                            format,
                            size,
                            virtualSize.bytes() == 0 ? new DiskSize(size) : virtualSize,
                            HexFormat.of().formatHex(digest.digest()),
                            MemorySize.ZERO,
                            DiskSize.ZERO,
                            Map.of(),
                            Instant.now()),
                    file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
