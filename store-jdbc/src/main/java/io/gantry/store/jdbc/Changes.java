package io.gantry.store.jdbc;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was changed of a file since some moment: its blocks by number, where it was cut, and its size now. */
final class Changes {
    private static final int BLOCK = Journal.BLOCK;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final TreeMap<Long, byte[]> blocks = new TreeMap<>();
    private long cut = Long.MAX_VALUE;
    private long size;

    Changes(long size) {
        this.size = size;
    }

    long size() {
        return size;
    }

    boolean isEmpty() {
        return blocks.isEmpty() && cut == Long.MAX_VALUE;
    }

    /** {@return a block's content, not to be written to; null if it is what it was before} */
    byte @Nullable [] block(long number) {
        byte[] block = blocks.get(number);
        return block == null && number * BLOCK >= cut ? ZEROS : block;
    }

    /** {@return a block's content to write to; null if it is not among the changed ones} */
    byte @Nullable [] changed(long number) {
        return blocks.get(number);
    }

    void put(long number, byte[] block) {
        blocks.put(number, block);
    }

    void grow(long end) {
        size = Math.max(size, end);
    }

    /** Cuts the file at a block's beginning. */
    void cut(long newSize) {
        blocks.tailMap(newSize / BLOCK, true).clear();
        cut = Math.min(cut, newSize);
        size = newSize;
    }

    /** Says where the file ends, within what it has. */
    void resize(long newSize) {
        size = newSize;
    }

    /** Adds what was changed after these. */
    void add(Changes later) {
        if (later.cut != Long.MAX_VALUE) {
            cut(later.cut);
        }
        for (Map.Entry<Long, byte[]> block : later.blocks.entrySet()) {
            blocks.put(block.getKey(), block.getValue());
        }
        size = later.size;
    }

    Journal.Batch batch() {
        return new Journal.Batch(Math.min(cut, size), size, blocks);
    }
}
