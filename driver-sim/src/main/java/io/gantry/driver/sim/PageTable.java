package io.gantry.driver.sim;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A guest's memory on one host: pages that exist from their first write on. Guarded by the guest's lock. */
final class PageTable {
    /** Words of 8 bytes in a page of 4 KiB. */
    static final int WORDS = Workload.PAGE_BYTES / Long.BYTES;

    private static final int CHUNK = 512;
    private static final long[][] NO_CHUNK = {};
    private static final long[] NO_PAGE = {};

    private final int size;
    private final LongAdder fleetPages;
    private long[][][] chunks = {};
    private int present;

    PageTable(int size, LongAdder fleetPages) {
        this.size = size;
        this.fleetPages = fleetPages;
    }

    int size() {
        return size;
    }

    int present() {
        return present;
    }

    long @Nullable [] find(int index) {
        if (chunks.length == 0) {
            return null;
        }
        long[][] chunk = chunks[index / CHUNK];
        if (chunk.length == 0) {
            return null;
        }
        long[] page = chunk[index % CHUNK];
        return page.length == 0 ? null : page;
    }

    long[] findOrAdd(int index) {
        if (chunks.length == 0) {
            chunks = new long[(size + CHUNK - 1) / CHUNK][][];
            Arrays.fill(chunks, NO_CHUNK);
        }
        long[][] chunk = chunks[index / CHUNK];
        if (chunk.length == 0) {
            chunk = new long[CHUNK][];
            Arrays.fill(chunk, NO_PAGE);
            chunks[index / CHUNK] = chunk;
        }
        long[] page = chunk[index % CHUNK];
        if (page.length == 0) {
            page = new long[WORDS];
            chunk[index % CHUNK] = page;
            present++;
            fleetPages.increment();
        }
        return page;
    }

    void drop(int index) {
        if (find(index) != null) {
            chunks[index / CHUNK][index % CHUNK] = NO_PAGE;
            present--;
            fleetPages.decrement();
        }
    }

    void forEachPresent(IntConsumer action) {
        for (int c = 0; c < chunks.length; c++) {
            for (int p = 0; p < chunks[c].length; p++) {
                if (chunks[c][p].length != 0) {
                    action.accept(c * CHUNK + p);
                }
            }
        }
    }

    void free() {
        fleetPages.add(-present);
        present = 0;
        chunks = new long[0][][];
    }
}
