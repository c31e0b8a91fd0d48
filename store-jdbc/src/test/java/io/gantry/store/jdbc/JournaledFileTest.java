package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.store.jdbc.LossyDisk.Disk;
import io.gantry.store.jdbc.LossyDisk.Recording;
import io.gantry.store.jdbc.LossyDisk.Unforced;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that is whole after a loss of power. */
final class JournaledFileTest {
    private static final int LARGEST = 200_000;

    private final List<String> disks = new ArrayList<>();

    /** What the file held when it was forced, and how many calls the disk had seen before and after that. */
    private record Forced(int number, int before, int after, ByteBuffer content) {}

    @AfterEach
    void forgetTheDisks() {
        disks.forEach(LossyDisk::forget);
    }

    @ParameterizedTest(name = "what was not forced is {0}")
    @EnumSource
    @DisplayName(
            "reads yield what was written; after a loss of power, what was marked before the last sync or the one under way")
    void contentIsThatOfAForce(Unforced unforced) throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            Recording recording = new Recording();
            List<Forced> forced = write(recording, random, "written" + seed);
            int first = forced.get(0).after;
            List<Integer> points =
                    random.ints(30, first, recording.now() + 1).sorted().boxed().toList();
            String name = "seed " + seed;
            recording.replay(points, (point, disk) -> {
                ByteBuffer found = contentAfter(disk, unforced, random, name + "-" + disks.size());
                assertTrue(
                        forced.stream()
                                .filter(each -> isPossible(each, point, forced))
                                .anyMatch(each -> each.content.equals(found)),
                        "power lost after call " + point + " of " + name);
            });
        }
    }

    /** The last one that returned, and the one that was under way. */
    private static boolean isPossible(Forced force, int point, List<Forced> all) {
        boolean returned = force.after <= point;
        boolean overtaken = all.subList(force.number + 1, all.size()).stream()
                .anyMatch(other -> other.before >= force.after && other.after <= point);
        return returned ? !overtaken : force.before < point;
    }

    private List<Forced> write(Recording recording, Random random, String disk) throws IOException {
        List<Forced> forced = new ArrayList<>();
        byte[] model = new byte[0];
        byte[] marked = model;
        int closing;
        try (JournaledFile file = open(LossyDisk.prefix(disk(disk), recording))) {
            recording.forceNames();
            forced.add(new Forced(forced.size(), 0, recording.now(), ByteBuffer.wrap(model)));
            for (int i = 0; i < 300; i++) {
                int before = recording.now();
                int action = random.nextInt(20);
                if (action == 0) {
                    model = Arrays.copyOf(model, random.nextInt(model.length + 1));
                    file.truncate(model.length);
                } else if (action < 5) {
                    file.mark();
                    marked = model.clone();
                } else if (action < 8) {
                    file.sync();
                    forced.add(new Forced(forced.size(), before, recording.now(), ByteBuffer.wrap(marked)));
                } else {
                    model = writeSomewhere(file, model, random);
                    file.force(random.nextBoolean());
                }
                assertReads(model, file, random);
            }
            closing = recording.now();
        }
        forced.add(new Forced(forced.size(), closing, recording.now(), ByteBuffer.wrap(marked)));
        return forced;
    }

    private static byte[] writeSomewhere(FileChannel file, byte[] model, Random random) throws IOException {
        boolean aligned = random.nextInt(4) > 0;
        byte[] bytes = new byte[aligned ? 4096 * (1 + random.nextInt(4)) : 1 + random.nextInt(9000)];
        random.nextBytes(bytes);
        int at = random.nextInt(Math.min(model.length + 5000, LARGEST));
        at = aligned ? at / 4096 * 4096 : at;
        file.write(ByteBuffer.wrap(bytes), at);
        byte[] next = Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
        System.arraycopy(bytes, 0, next, at, bytes.length);
        return next;
    }

    private static void assertReads(byte[] model, FileChannel file, Random random) throws IOException {
        assertEquals(model.length, file.size());
        int from = random.nextInt(model.length + 1);
        ByteBuffer part = ByteBuffer.allocate(random.nextInt(30_000));
        int count = file.read(part, from);
        int expected = Math.min(part.capacity(), model.length - from);
        assertEquals(from == model.length ? -1 : expected, count);
        assertArrayEquals(
                Arrays.copyOfRange(model, from, from + Math.max(0, count)),
                Arrays.copyOf(part.array(), Math.max(0, count)));
    }

    private ByteBuffer contentAfter(Disk disk, Unforced unforced, Random random, String name) throws IOException {
        disk.losePower(unforced, random, disk(name));
        try (FileChannel file = open("memFS:/" + name + "/")) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            file.read(all, 0);
            return all.flip();
        }
    }

    @Test
    @DisplayName("a database whose journal is missing is not opened: it may have holes")
    void missingJournalIsRefused() throws IOException {
        String prefix = "memFS:/" + disk("missing") + "/";
        try (JournaledFile file = open(prefix)) {
            file.write(ByteBuffer.wrap(new byte[4096]), 0);
            file.mark();
        }
        FilePath.get(prefix + "f.mv.db.journal").delete();
        IOException refused = assertThrows(IOException.class, () -> open(prefix).close());
        assertTrue(String.valueOf(refused.getMessage()).contains("journal of the database is missing"));
    }

    private static JournaledFile open(String prefix) throws IOException {
        return (JournaledFile)
                FilePath.get(JournaledFilePath.register() + prefix + "f.mv.db").open("rw");
    }

    private String disk(String name) {
        disks.add(name);
        return name;
    }
}
