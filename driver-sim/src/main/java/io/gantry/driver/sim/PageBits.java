package io.gantry.driver.sim;

import java.util.Arrays;

/** A set of page indexes that knows its size: a dirty log. */
final class PageBits {
    private final long[] words;
    private int count;

    PageBits(int pages) {
        words = new long[(pages + 63) / 64];
    }

    int count() {
        return count;
    }

    void add(int page) {
        long bit = 1L << page;
        if ((words[page >> 6] & bit) == 0) {
            words[page >> 6] |= bit;
            count++;
        }
    }

    void remove(int page) {
        long bit = 1L << page;
        if ((words[page >> 6] & bit) != 0) {
            words[page >> 6] &= ~bit;
            count--;
        }
    }

    /** The first member at or after a page, or -1. */
    int next(int from) {
        int word = from >> 6;
        if (word >= words.length) {
            return -1;
        }
        long bits = words[word] & (-1L << from);
        while (bits == 0) {
            if (++word == words.length) {
                return -1;
            }
            bits = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** Moves all members to another set of the same width, which has none. */
    void moveTo(PageBits other) {
        System.arraycopy(words, 0, other.words, 0, words.length);
        other.count = count;
        Arrays.fill(words, 0);
        count = 0;
    }
}
