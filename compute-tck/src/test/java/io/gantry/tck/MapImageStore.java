package io.gantry.tck;

import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.spi.image.ImageStore;
import io.gantry.unit.DiskSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps images in memory. Can be given the faults that real stores have. */
final class MapImageStore implements ImageStore {
    /** What may be wrong with an image store. */
    enum Fault {
        /** The image is there while its content is still read. */
        VISIBLE_EARLY,
        /** Content that broke off stays. */
        LEFTOVERS,
        /** The content is not looked at. */
        NO_INSPECTION,
        /** A backing file is accepted. */
        BACKING_FILE,
        /** Adding an image again replaces it. */
        REPLACES,
        /** The content stays when the image goes. */
        CONTENT_STAYS,
        /** The disk is taken to be as large as the content. */
        WRONG_SIZE
    }

    private static final int QCOW2 = 0x514649fb;

    private final Set<Fault> faults;
    private final Map<ImageId, Image> images = new ConcurrentHashMap<>();
    private final Map<ImageId, byte[]> contents = new ConcurrentHashMap<>();

    MapImageStore(Fault... faults) {
        this.faults = EnumSet.noneOf(Fault.class);
        this.faults.addAll(List.of(faults));
    }

    long occupied() {
        return contents.values().stream().mapToLong(content -> content.length).sum();
    }

    @Override
    public Image add(ImageId id, ImageSpec spec, InputStream content) throws IOException {
        if (has(Fault.VISIBLE_EARLY)) {
            images.put(id, image(id, spec, new byte[0], DiskSize.ZERO));
        }
        byte[] bytes;
        try {
            bytes = content.readAllBytes();
        } catch (IOException e) {
            if (has(Fault.LEFTOVERS)) {
                contents.put(id, new byte[1]);
            }
            throw e;
        }
        Image image = image(id, spec, bytes, inspect(spec, bytes));
        if (has(Fault.REPLACES) || !images.containsKey(id)) {
            contents.put(id, bytes);
        }
        if (has(Fault.REPLACES) || has(Fault.VISIBLE_EARLY)) {
            images.put(id, image);
        }
        images.putIfAbsent(id, image);
        return Optional.ofNullable(images.get(id)).orElse(image);
    }

    private DiskSize inspect(ImageSpec spec, byte[] bytes) {
        if (spec.format() != DiskFormat.QCOW2 || has(Fault.NO_INSPECTION)) {
            return new DiskSize(bytes.length);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length < 104 || header.getInt(0) != QCOW2) {
            throw new InvalidRequest("image.content", spec.name(), "is no qcow2 image", "Declare its format");
        }
        if (header.getLong(8) != 0 && !has(Fault.BACKING_FILE)) {
            throw new InvalidRequest("image.content", spec.name(), "has a backing file", "Flatten the image");
        }
        return new DiskSize(has(Fault.WRONG_SIZE) ? bytes.length : header.getLong(24));
    }

    private static Image image(ImageId id, ImageSpec spec, byte[] bytes, DiskSize virtualSize) {
        return new Image(
                id,
                spec.name(),
                spec.format(),
                bytes.length,
                virtualSize,
                sha256(bytes),
                spec.minMemory(),
                spec.minDisk(),
                spec.properties(),
                Instant.EPOCH);
    }

    @Override
    public Optional<Image> find(ImageId id) {
        return Optional.ofNullable(images.get(id));
    }

    @Override
    public List<Image> list() {
        return List.copyOf(images.values());
    }

    @Override
    public InputStream open(ImageId id) {
        byte[] content = contents.get(id);
        if (content == null || !images.containsKey(id)) {
            throw new NotFound(id.ref(), "List the images");
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public void remove(ImageId id) {
        images.remove(id);
        if (!has(Fault.CONTENT_STAYS)) {
            contents.remove(id);
        }
    }

    private boolean has(Fault fault) {
        return faults.contains(fault);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
