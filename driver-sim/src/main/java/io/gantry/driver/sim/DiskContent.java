package io.gantry.driver.sim;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a disk holds: blocks of 4 KiB within its first 16 MiB; everything else reads as zeros and stays so. Immutable, so
 * that a copy is of one moment and costs nothing.
 */
final class DiskContent {
    static final int BLOCK_BYTES = 4096;
    static final int BLOCKS = 4096;

    private static final long SEED = 0x9e3779b97f4a7c15L;

    private final NavigableMap<Integer, byte[]> blocks;

    private DiskContent(NavigableMap<Integer, byte[]> blocks) {
        this.blocks = Collections.unmodifiableNavigableMap(blocks);
    }

    /** The content with these blocks, which nobody changes from now on; blocks of zeros are left out. */
    static DiskContent of(NavigableMap<Integer, byte[]> blocks) {
        NavigableMap<Integer, byte[]> kept = new TreeMap<>();
        blocks.forEach((index, block) -> {
            if (!isZero(block)) {
                kept.put(index, block);
            }
        });
        return new DiskContent(kept);
    }

    /** A disk that holds a line of text and nothing else. */
    static DiskContent ofText(String text) {
        NavigableMap<Integer, byte[]> blocks = new TreeMap<>();
        byte[] block = new byte[BLOCK_BYTES];
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, 0, Math.min(bytes.length, block.length));
        blocks.put(0, block);
        return of(blocks);
    }

    /** The first 8 bytes of a block; 0 for one that was never written. */
    long value(int block) {
        byte[] bytes = blocks.get(block);
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** This content with one block that begins with a value; the rest of the block follows from the value. */
    DiskContent with(int block, long value) {
        NavigableMap<Integer, byte[]> changed = new TreeMap<>(blocks);
        byte[] bytes = new byte[BLOCK_BYTES];
        ByteBuffer words = ByteBuffer.wrap(bytes);
        for (long word = value; words.hasRemaining(); word *= SEED) {
            words.putLong(word);
        }
        if (value == 0) {
            changed.remove(block);
        } else {
            changed.put(block, bytes);
        }
        return new DiskContent(changed);
    }

    /** Bytes up to the end of the last block that is not zero. */
    long extent() {
        return blocks.isEmpty() ? 0 : (blocks.lastKey() + 1L) * BLOCK_BYTES;
    }

    /** The first bytes of the disk, byte for byte. */
    InputStream open(long bytes) {
        return new Reader(bytes);
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private final class Reader extends InputStream {
        private final long end;
        private long position;

        Reader(long end) {
            this.end = end;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (position >= end) {
                return -1;
            }
            int within = (int) (position % BLOCK_BYTES);
            int count = (int) Math.min(Math.min(length, BLOCK_BYTES - within), end - position);
            byte[] block = blocks.get((int) (position / BLOCK_BYTES));
            for (int i = 0; i < count; i++) {
                target[offset + i] = block == null ? 0 : block[within + i];
            }
            position += count;
            return count;
        }
    }
}
