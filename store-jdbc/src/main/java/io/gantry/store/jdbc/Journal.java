package io.gantry.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of batches, each of which is there as a whole or not at all. One thread at a time.
 *
 * <p>Two blocks at its beginning take turns in naming the generation; batches follow, each with generation, number and
 * checksum, and each at a block of its own, so that no write touches what is on disk already. A new generation begins
 * over the old one's batches, when the file that they are for holds all of them; its number is on disk before that,
 * otherwise some of the old batches could be taken for the state.
 */
final class Journal implements AutoCloseable {
    /** Bytes of a block; no less than what a disk writes as one. */
    static final int BLOCK = 4096;

    private static final int MAGIC = 0x474a524e;
    private static final long FIRST_BATCH = 2L * BLOCK;
    private static final int HEADER_BYTES = Integer.BYTES * 3 + Long.BYTES * 4;
    private static final int MOST_BLOCKS = 1 << 18;
    private static final int SLICE = 1 << 18;

    private final FileChannel file;
    private long generation;
    private long number;
    private long end = FIRST_BATCH;

    private Journal(FileChannel file) {
        this.file = file;
    }

    /**
     * Changes of a file that belong together.
     *
     * @param cut where the file is cut before the blocks are written
     * @param size bytes of the file afterwards
     * @param blocks contents by place, in blocks from the file's beginning
     */
    record Batch(long cut, long size, SortedMap<Long, byte[]> blocks) {}

    /** What to do with a batch that was read. */
    @FunctionalInterface
    interface Replay {
        void apply(Batch batch) throws IOException;
    }

    /** {@return the journal in a file; its generation is 0 if there is none} */
    static Journal open(FileChannel file) throws IOException {
        Journal journal = new Journal(file);
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer block = journal.read((long) slot * BLOCK, BLOCK);
            if (block != null && block.getInt() == MAGIC && block.getInt() == checksum(block)) {
                journal.generation = Math.max(journal.generation, block.getLong());
            }
        }
        return journal;
    }

    /** {@return whether the file held a journal} */
    boolean exists() {
        return generation > 0;
    }

    long generation() {
        return generation;
    }

    /** {@return bytes of the batches since the generation began} */
    long size() {
        return end - FIRST_BATCH;
    }

    /** Reads the batches of the current generation, up to the first one that is not whole. */
    void replay(Replay replay) throws IOException {
        while (true) {
            Batch batch = next();
            if (batch == null) {
                return;
            }
            replay.apply(batch);
        }
    }

    private @Nullable Batch next() throws IOException {
        ByteBuffer first = read(end, BLOCK);
        if (first == null || first.getInt() != MAGIC) {
            return null;
        }
        int checksum = first.getInt();
        boolean follows = first.getLong() == generation && first.getLong() == number + 1;
        long cut = first.getLong();
        long size = first.getLong();
        int count = first.getInt();
        if (!follows || count < 0 || count > MOST_BLOCKS) {
            return null;
        }
        int header = headerBytes(count);
        ByteBuffer all = read(end, header + count * BLOCK);
        if (all == null || checksum != checksum(all)) {
            return null;
        }
        SortedMap<Long, byte[]> blocks = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byte[] block = new byte[BLOCK];
            all.get(header + i * BLOCK, block);
            blocks.put(all.getLong(HEADER_BYTES + i * Long.BYTES), block);
        }
        number++;
        end += all.capacity();
        return new Batch(cut, size, blocks);
    }

    /** Adds a batch; on return it is on disk. */
    void append(Batch batch) throws IOException {
        if (batch.blocks.size() > MOST_BLOCKS) {
            throw new IOException("A batch of " + batch.blocks.size() + " blocks is too large for the journal");
        }
        write(batch);
        file.force(false);
    }

    private void write(Batch batch) throws IOException {
        int header = headerBytes(batch.blocks.size());
        ByteBuffer all = ByteBuffer.allocate(header + batch.blocks.size() * BLOCK);
        all.putInt(MAGIC).putInt(0).putLong(generation).putLong(number + 1);
        all.putLong(batch.cut).putLong(batch.size).putInt(batch.blocks.size());
        for (long block : batch.blocks.keySet()) {
            all.putLong(block);
        }
        all.position(header);
        for (byte[] block : batch.blocks.values()) {
            all.put(block);
        }
        write(all, end);
        number++;
        end += all.capacity();
    }

    /** Begins a new generation; the file that the batches are for is on disk with all of them. */
    void restart() throws IOException {
        generation++;
        number = 0;
        end = FIRST_BATCH;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        block.putInt(MAGIC).putInt(0).putLong(generation);
        write(block, generation % 2 * BLOCK);
        file.force(false);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static int headerBytes(int count) {
        return (HEADER_BYTES + count * Long.BYTES + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** Writes a whole buffer, after it has put the checksum into its second number. */
    private void write(ByteBuffer all, long position) throws IOException {
        all.position(Integer.BYTES * 2);
        all.putInt(Integer.BYTES, checksum(all));
        for (int from = 0; from < all.capacity(); from += SLICE) {
            ByteBuffer slice = all.slice(from, Math.min(SLICE, all.capacity() - from));
            while (slice.hasRemaining()) {
                file.write(slice, position + from + slice.position());
            }
        }
    }

    private @Nullable ByteBuffer read(long position, int length) throws IOException {
        if (position + length > file.size()) {
            return null;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        while (all.hasRemaining()) {
            if (file.read(all, position + all.position()) < 0) {
                return null;
            }
        }
        return all.flip();
    }

    /** {@return the checksum of all but the first two numbers; the position is not changed} */
    private static int checksum(ByteBuffer all) {
        CRC32C crc = new CRC32C();
        crc.update(all.slice(Integer.BYTES * 2, all.capacity() - Integer.BYTES * 2));
        return (int) crc.getValue();
    }
}
