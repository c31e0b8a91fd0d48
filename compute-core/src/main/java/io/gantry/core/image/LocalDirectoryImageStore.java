package io.gantry.core.image;

import io.gantry.core.state.Json;
import io.gantry.error.NotFound;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.spi.image.ImageStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps images in one directory: {@code ID.data} and {@code ID.json} an image. Content is written under a name of its
 * own, synced, and renamed; the {@code .json} file comes last and makes the image visible. Several processes may use one
 * directory.
 */
public final class LocalDirectoryImageStore implements ImageStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDirectoryImageStore.class);
    private static final String DATA = ".data";
    private static final String JSON = ".json";
    private static final String PART = ".part";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path directory;
    private final Clock clock;
    private final Json json = new Json();

    private LocalDirectoryImageStore(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Opens a store, making the directory if it is not there. What a crashed import left more than a day ago is removed.
     *
     * @param directory where the images are
     * @return the store
     * @throws IOException if the directory cannot be used
     */
    public static LocalDirectoryImageStore open(Path directory) throws IOException {
        return open(directory, Clock.systemUTC());
    }

    static LocalDirectoryImageStore open(Path directory, Clock clock) throws IOException {
        Files.createDirectories(directory);
        LocalDirectoryImageStore store = new LocalDirectoryImageStore(directory.toRealPath(), clock);
        store.removeAbandoned();
        return store;
    }

    private void removeAbandoned() throws IOException {
        Instant before = clock.instant().minus(ABANDONED);
        for (Path file : files("*{" + PART + "," + DATA + "}")) {
            String name = file.getFileName().toString();
            boolean complete = name.endsWith(DATA)
                    && Files.exists(directory.resolve(name.substring(0, name.length() - DATA.length()) + JSON));
            if (!complete && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                LOG.info("Removing {}, which an import left behind", file);
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public Image add(ImageId id, ImageSpec spec, InputStream content) throws IOException {
        Optional<Image> there = find(id);
        if (there.isPresent()) {
            return there.get();
        }
        Path part = directory.resolve(id + "." + UUID.randomUUID() + PART);
        try {
            Image image = write(id, spec, content, part);
            publish(image, part);
            return image;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Image write(ImageId id, ImageSpec spec, InputStream content, Path part) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            new DigestInputStream(content, digest).transferTo(out);
            channel.force(true);
        }
        return new Image(
                id,
                spec.name(),
                spec.format(),
                Files.size(part),
                ImageInspector.inspect(spec.format(), part),
                HexFormat.of().formatHex(digest.digest()),
                spec.minMemory(),
                spec.minDisk(),
                spec.properties(),
                clock.instant());
    }

    private void publish(Image image, Path part) throws IOException {
        Files.move(part, data(image.id()), StandardCopyOption.ATOMIC_MOVE);
        Path metadata = directory.resolve(image.id() + "." + UUID.randomUUID() + PART);
        try {
            try (FileChannel channel =
                    FileChannel.open(metadata, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(StandardCharsets.UTF_8.encode(json.write(image)));
                channel.force(true);
            }
            Files.move(metadata, directory.resolve(image.id() + JSON), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(metadata);
        }
        syncDirectory();
    }

    /** Makes renames last through a power failure. */
    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<Image> find(ImageId id) {
        return read(directory.resolve(id + JSON));
    }

    @Override
    public List<Image> list() {
        try {
            return files("*" + JSON).stream()
                    .flatMap(file -> read(file).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Image> read(Path file) {
        try {
            return Optional.of(json.read(Files.readString(file), Image.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files(String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(files::add);
        }
        return files;
    }

    @Override
    public InputStream open(ImageId id) throws IOException {
        if (find(id).isEmpty()) {
            throw new NotFound(id.ref(), "List the images with compute.images().list()");
        }
        return Files.newInputStream(data(id));
    }

    @Override
    public void remove(ImageId id) throws IOException {
        Files.deleteIfExists(directory.resolve(id + JSON));
        Files.deleteIfExists(data(id));
        syncDirectory();
    }

    private Path data(ImageId id) {
        return directory.resolve(id + DATA);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
