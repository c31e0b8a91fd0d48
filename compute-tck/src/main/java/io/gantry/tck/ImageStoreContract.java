package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.spi.image.ImageStore;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link ImageStore} promises. A store that passes it works with the engine. */
public abstract class ImageStoreContract {
    private static final int CLUSTER = 1 << 16;
    private static final byte[] RAW = bytes(1, 3 * CLUSTER);
    private static final ImageSpec SPEC = ImageSpec.builder("debian-12", DiskFormat.RAW)
            .minMemory(MemorySize.mib(64))
            .minDisk(DiskSize.mib(1))
            .property(Image.ARCHITECTURE, "x86_64")
            .build();

    private @Nullable ImageStore store;

    /** Creates the contract. */
    protected ImageStoreContract() {}

    /**
     * {@return a new, empty store}
     *
     * @throws Exception fails the test
     */
    protected abstract ImageStore newStore() throws Exception;

    /**
     * {@return how many bytes the store occupies, unfinished and forgotten content included, if it can be told; by
     * default it cannot}
     *
     * @param store the store
     * @throws Exception fails the test
     */
    protected OptionalLong occupied(ImageStore store) throws Exception {
        return OptionalLong.empty();
    }

    @BeforeEach
    final void openTheStore() throws Exception {
        store = newStore();
    }

    @AfterEach
    final void closeTheStore() {
        store().close();
        store().close();
    }

    private ImageStore store() {
        if (store == null) {
            throw new AssertionError("the store was not opened");
        }
        return store;
    }

    @Test
    @DisplayName("add: yields the image with size, checksum and all that the spec says; find and list show the same")
    void addedImageIsThere() throws IOException {
        ImageId id = ImageId.random();
        Image image = add(id, SPEC, RAW);
        assertEquals(id, image.id());
        assertEquals("debian-12", image.name());
        assertEquals(DiskFormat.RAW, image.format());
        assertEquals(RAW.length, image.size());
        assertEquals(new DiskSize(RAW.length), image.virtualSize(), "a raw disk is as large as its content");
        assertEquals(sha256(RAW), image.checksum());
        assertEquals(MemorySize.mib(64), image.minMemory());
        assertEquals(DiskSize.mib(1), image.minDisk());
        assertEquals(Map.of(Image.ARCHITECTURE, "x86_64"), image.properties());
        assertEquals(Optional.of(image), store().find(id));
        assertEquals(List.of(image), store().list());
    }

    @Test
    @DisplayName("open: yields the content from its first byte, each time; an unknown image is NotFound")
    void contentComesBack() throws IOException {
        ImageId id = ImageId.random();
        add(id, SPEC, RAW);
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(RAW, read(id));
        }
        assertThrows(NotFound.class, () -> store().open(ImageId.random()).close());
    }

    @Test
    @DisplayName("add: with an id that is there replaces nothing and yields the image that is there")
    void addIsIdempotentById() throws IOException {
        ImageId id = ImageId.random();
        Image first = add(id, SPEC, RAW);
        Image second = add(id, ImageSpec.builder("other", DiskFormat.RAW).build(), bytes(2, 100));
        assertEquals(first, second);
        assertArrayEquals(RAW, read(id));
        assertEquals(List.of(first), store().list());
    }

    @Test
    @DisplayName("add: two images may share a name and their content")
    void namesAreNotUnique() throws IOException {
        Image one = add(ImageId.random(), SPEC, RAW);
        Image two = add(ImageId.random(), SPEC, RAW);
        assertEquals(2, store().list().size());
        store().remove(one.id());
        assertArrayEquals(RAW, read(two.id()), "removing one leaves the other");
    }

    @Test
    @DisplayName("add: a qcow2 image is as large as its header says")
    void virtualSizeIsRead() throws IOException {
        byte[] content = qcow2(DiskSize.mib(7), "");
        Image image =
                add(ImageId.random(), ImageSpec.builder("q", DiskFormat.QCOW2).build(), content);
        assertEquals(DiskSize.mib(7), image.virtualSize());
        assertEquals(content.length, image.size());
        assertArrayEquals(content, read(image.id()));
    }

    @Test
    @DisplayName("add: content of another format than declared, cut short, or that names another file is refused")
    void wrongContentIsRefused() throws Exception {
        ImageSpec qcow2 = ImageSpec.builder("q", DiskFormat.QCOW2).build();
        OptionalLong before = occupied(store());
        List<byte[]> wrong = List.of(
                RAW, new byte[0], Arrays.copyOf(qcow2(DiskSize.mib(1), ""), 20), qcow2(DiskSize.mib(1), "/etc/passwd"));
        for (byte[] content : wrong) {
            ImageId id = ImageId.random();
            InvalidRequest refused = assertThrows(InvalidRequest.class, () -> add(id, qcow2, content));
            assertTrue(!refused.remediation().isBlank(), refused.getMessage());
            assertEquals(Optional.empty(), store().find(id));
            assertEquals(List.of(), store().list());
            assertThrows(NotFound.class, () -> store().open(id).close());
        }
        assertEquals(before, occupied(store()), "bytes left behind");
    }

    @Test
    @DisplayName("add: content that breaks off leaves nothing, and the id can be used again")
    void incompleteAddLeavesNothing() throws Exception {
        ImageId id = ImageId.random();
        OptionalLong before = occupied(store());
        InputStream breaking = new SequenceInputStream(new ByteArrayInputStream(bytes(3, 100_000)), new LastByte(() -> {
            throw new IOException("the line went dead");
        }));
        IOException thrown = assertThrows(
                IOException.class, () -> store().add(id, SPEC, breaking).id());
        assertTrue(
                Stream.iterate((Throwable) thrown, t -> t != null, Throwable::getCause)
                        .anyMatch(t -> String.valueOf(t.getMessage()).contains("the line went dead")),
                "the cause is kept");
        assertEquals(Optional.empty(), store().find(id));
        assertEquals(List.of(), store().list());
        assertEquals(before, occupied(store()), "bytes left behind");
        add(id, SPEC, RAW);
        assertArrayEquals(RAW, read(id));
    }

    @Test
    @DisplayName("add: an image is not visible before its content is stored")
    void unfinishedImageIsInvisible() throws IOException {
        ImageId id = ImageId.random();
        boolean[] looked = {false};
        InputStream looking = new SequenceInputStream(new ByteArrayInputStream(RAW), new LastByte(() -> {
            assertEquals(Optional.empty(), store().find(id));
            assertEquals(List.of(), store().list());
            looked[0] = true;
        }));
        store().add(id, SPEC, looking);
        assertTrue(looked[0], "the content was read to its end");
        assertTrue(store().find(id).isPresent());
    }

    @Test
    @DisplayName("remove: metadata and content go; twice is fine, and so is an image that never was")
    void removedImageIsGone() throws Exception {
        OptionalLong before = occupied(store());
        ImageId id = ImageId.random();
        add(id, SPEC, RAW);
        store().remove(id);
        assertEquals(Optional.empty(), store().find(id));
        assertEquals(List.of(), store().list());
        assertThrows(NotFound.class, () -> store().open(id).close());
        assertEquals(before, occupied(store()), "bytes left behind");
        store().remove(id);
        store().remove(ImageId.random());
    }

    @Test
    @DisplayName("occupied: the fixture counts the content, so that the other tests notice what is left behind")
    void occupiedCounts() throws Exception {
        assumeTrue(occupied(store()).isPresent(), "the fixture cannot tell");
        long before = occupied(store()).getAsLong();
        add(ImageId.random(), SPEC, RAW);
        assertTrue(occupied(store()).getAsLong() >= before + RAW.length);
    }

    @Test
    @DisplayName("threads: 8 threads add the same image and one of their own; all are whole")
    void concurrentAdds() throws IOException {
        ImageId shared = ImageId.random();
        List<ImageId> own =
                Stream.generate(ImageId::random).limit(Concurrently.THREADS).toList();
        Concurrently.run(thread -> {
            assertEquals(sha256(RAW), add(shared, SPEC, RAW).checksum());
            byte[] content = bytes(100 + thread, 50_000 + thread);
            assertEquals(sha256(content), add(own.get(thread), SPEC, content).checksum());
        });
        assertEquals(1 + Concurrently.THREADS, store().list().size());
        assertArrayEquals(RAW, read(shared));
        for (int thread = 0; thread < Concurrently.THREADS; thread++) {
            assertArrayEquals(bytes(100 + thread, 50_000 + thread), read(own.get(thread)));
        }
    }

    private Image add(ImageId id, ImageSpec spec, byte[] content) throws IOException {
        return store().add(id, spec, new ByteArrayInputStream(content));
    }

    private byte[] read(ImageId id) throws IOException {
        try (InputStream content = store().open(id)) {
            return content.readAllBytes();
        }
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** An empty qcow2 image, version 3: header, reference count table and block, and L1 table, a cluster each. */
    private static byte[] qcow2(DiskSize size, String backing) {
        byte[] name = backing.getBytes(StandardCharsets.UTF_8);
        ByteBuffer image = ByteBuffer.allocate(4 * CLUSTER);
        image.putInt(0x514649fb).putInt(3);
        image.putLong(name.length == 0 ? 0 : 512).putInt(name.length);
        image.putInt(16).putLong(size.bytes()).putInt(0);
        image.putInt(1).putLong(3L * CLUSTER);
        image.putLong(CLUSTER).putInt(1);
        image.putInt(0).putLong(0);
        image.putLong(0).putLong(0).putLong(0).putInt(4).putInt(104);
        image.position(512).put(name);
        image.putLong(CLUSTER, 2L * CLUSTER);
        for (int cluster = 0; cluster < 4; cluster++) {
            image.putShort(2 * CLUSTER + 2 * cluster, (short) 1);
        }
        return image.array();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** An empty stream that does something when its end is read. */
    private static final class LastByte extends InputStream {
        private final Action action;

        private interface Action {
            void run() throws IOException;
        }

        LastByte(Action action) {
            this.action = action;
        }

        @Override
        public int read() throws IOException {
            action.run();
            return -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }
    }
}
