package io.gantry.driver.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a guest that is on, and the guest's own knowledge of it. The guest remembers how often it wrote each
 * page; a page holds its index, that count, and a pattern that follows from both. So a page that a migration lost, left
 * behind in an older version or put in a wrong place does not match what the guest remembers.
 *
 * <p>Dirtying costs nothing until somebody looks: run time is only added up, and turned into writes by {@link #sync}.
 * Guarded by the guest's lock.
 */
final class Ram {
    private static final int CHUNK = 512;
    private static final int[] UNTOUCHED = {};
    private static final int SHOWN = 20;
    // With so many random writes a page, one that is missed has a chance of 10^-7: all are written.
    private static final long SATURATION = 16;

    private final long seed;
    private Workload workload;
    private PageTable table;
    private int[][] versions = {};
    private boolean booted;
    private long runNanos;
    private long leftoverBytes;
    private long random;
    private @Nullable PageBits dirty;

    Ram(int pages, long seed, Workload workload, LongAdder fleetPages) {
        this.seed = seed;
        this.random = seed;
        this.workload = workload;
        this.table = new PageTable(pages, fleetPages);
    }

    /** The guest has run for a time; O(1). */
    void elapse(long nanos) {
        runNanos += nanos;
    }

    /** The guest behaves in another way from now on. */
    void workload(Workload changed) {
        sync();
        workload = changed;
    }

    PageTable table() {
        return table;
    }

    /** The guest's memory is another copy from now on; the old one is freed. */
    void moveTo(PageTable copy) {
        table.free();
        table = copy;
    }

    /** Logs the pages that change from now on; those that exist count as changed. */
    void track(PageBits log) {
        table.forEachPresent(log::add);
        dirty = log;
    }

    void untrack() {
        dirty = null;
    }

    void free() {
        table.free();
        versions = new int[0][];
    }

    /** Writes what the guest has written by now. */
    void sync() {
        if (!booted) {
            booted = true;
            for (int page = 0; page < workload.residentPages(); page++) {
                write(page);
            }
        }
        int pages = workload.workingSetPages();
        double bytes = workload.bytesPerSecond() * (runNanos / 1e9) + leftoverBytes;
        runNanos = 0;
        if (pages == 0 || bytes < Workload.PAGE_BYTES) {
            leftoverBytes = (long) bytes;
            return;
        }
        long writes = (long) (bytes / Workload.PAGE_BYTES);
        leftoverBytes = (long) (bytes - (double) writes * Workload.PAGE_BYTES);
        if (writes >= SATURATION * pages) {
            for (int page = 0; page < pages; page++) {
                write(page);
            }
            return;
        }
        PageBits hit = new PageBits(pages);
        for (long i = 0; i < writes; i++) {
            hit.add((int) Math.floorMod(nextRandom(), (long) pages));
        }
        for (int page = hit.next(0); page >= 0; page = hit.next(page + 1)) {
            write(page);
        }
    }

    /** Writes a page; its version rises by 1. */
    void write(int page) {
        if (versions.length == 0) {
            versions = new int[(table.size() + CHUNK - 1) / CHUNK][];
            Arrays.fill(versions, UNTOUCHED);
        }
        if (versions[page / CHUNK].length == 0) {
            versions[page / CHUNK] = new int[CHUNK];
        }
        int version = ++versions[page / CHUNK][page % CHUNK];
        long[] words = table.findOrAdd(page);
        long pattern = pattern(page, version);
        words[0] = page;
        words[1] = version;
        for (int i = 2; i < words.length; i++) {
            words[i] = pattern ^ i;
        }
        if (dirty != null) {
            dirty.add(page);
        }
    }

    /** Compares each page with what the guest remembers. */
    PageReport verify() {
        sync();
        List<String> problems = new ArrayList<>();
        int checked = 0;
        int expected = 0;
        for (int page = 0; page < versions.length * CHUNK; page++) {
            int[] chunk = versions[page / CHUNK];
            if (chunk.length == 0) {
                page += CHUNK - 1;
            } else if (chunk[page % CHUNK] != 0) {
                expected++;
                checked++;
                String problem = problem(page, chunk[page % CHUNK]);
                if (problem != null && problems.size() < SHOWN) {
                    problems.add(problem);
                }
            }
        }
        if (problems.isEmpty() && table.present() != expected) {
            problems.add(table.present() + " pages exist, but the guest wrote " + expected);
        }
        return new PageReport(checked, problems);
    }

    private @Nullable String problem(int page, int version) {
        long[] words = table.find(page);
        if (words == null) {
            return "Page " + page + " is missing; its version is " + version;
        }
        if (words[0] != page) {
            return "Page " + page + " holds page " + words[0];
        }
        if (words[1] != version) {
            return "Page " + page + " has version " + words[1] + " instead of " + version;
        }
        long pattern = pattern(page, version);
        for (int i = 2; i < words.length; i++) {
            if (words[i] != (pattern ^ i)) {
                return "Page " + page + " is damaged at word " + i;
            }
        }
        return null;
    }

    private long pattern(int page, int version) {
        return mix(seed ^ ((long) page << 32) ^ version);
    }

    private long nextRandom() {
        random += 0x9e3779b97f4a7c15L;
        return mix(random);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
