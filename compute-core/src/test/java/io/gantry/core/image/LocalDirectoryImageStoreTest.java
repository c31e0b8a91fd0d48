package io.gantry.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.spi.image.ImageStore;
import io.gantry.tck.ImageStoreContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory keeps what every image store promises, and survives crashes. */
final class LocalDirectoryImageStoreTest extends ImageStoreContract {
    private static final ImageSpec SPEC =
            ImageSpec.builder("kept", DiskFormat.RAW).build();

    @TempDir
    private Path directory;

    /** Apart from the directory of the contract's tests. */
    private Path own;

    @BeforeEach
    void chooseOwnDirectory() {
        own = directory.resolve("own");
    }

    @Override
    protected OptionalLong occupied(ImageStore store) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("contract"))) {
            return OptionalLong.of(
                    files.mapToLong(file -> file.toFile().length()).sum());
        }
    }

    @Override
    protected ImageStore newStore() throws IOException {
        return LocalDirectoryImageStore.open(directory.resolve("contract"));
    }

    @Test
    void anotherStoreOverTheSameDirectorySeesTheImage() throws IOException {
        Image added = add(LocalDirectoryImageStore.open(own));

        assertEquals(List.of(added), LocalDirectoryImageStore.open(own).list());
    }

    @Test
    void contentWithoutMetadataIsNoImage() throws IOException {
        LocalDirectoryImageStore store = LocalDirectoryImageStore.open(own);
        Image added = add(store);
        // As a crash between the two renames leaves it.
        Files.delete(own.resolve(added.id() + ".json"));

        assertEquals(List.of(), store.list());
        assertTrue(store.find(added.id()).isEmpty());
        assertEquals(added.checksum(), store.add(added.id(), SPEC, content()).checksum());
    }

    @Test
    void whatACrashedImportLeftIsRemovedAfterADay() throws IOException {
        LocalDirectoryImageStore store = LocalDirectoryImageStore.open(own);
        Image kept = add(store);
        Path young = Files.createFile(own.resolve(ImageId.random() + ".young.part"));
        Path old = aged(Files.createFile(own.resolve(ImageId.random() + ".old.part")));
        Path orphan = aged(Files.createFile(own.resolve(ImageId.random() + ".data")));
        aged(own.resolve(kept.id() + ".data"));

        assertEquals(List.of(kept), LocalDirectoryImageStore.open(own).list());
        assertTrue(Files.exists(young), "an import of another process may be under way");
        assertFalse(Files.exists(old));
        assertFalse(Files.exists(orphan));
    }

    @Test
    void removeLeavesNoFile() throws IOException {
        LocalDirectoryImageStore store = LocalDirectoryImageStore.open(own);
        Image added = add(store);

        store.remove(added.id());

        try (Stream<Path> files = Files.list(own)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private static Path aged(Path file) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }

    private static Image add(LocalDirectoryImageStore store) throws IOException {
        return store.add(ImageId.random(), SPEC, content());
    }

    private static ByteArrayInputStream content() {
        return new ByteArrayInputStream(new byte[1000]);
    }
}
