package io.gantry.driver.sim;

/** A set of page indexes that knows its size: a dirty log. Owns memory once it has had a member. */
final class PageBits {
    private static final long[] NONE = {};

    private final int pages;
    private long[] words = NONE;
    private int count;
    // No word below this one has a member; spares scanning what a long pass has emptied.
    private int low;

    PageBits(int pages) {
        this.pages = pages;
    }

    int count() {
        return count;
    }

    void add(int page) {
        if (words.length == 0) {
            words = new long[(pages + 63) / 64];
        }
        long bit = 1L << page;
        if ((words[page >> 6] & bit) == 0) {
            words[page >> 6] |= bit;
            low = Math.min(low, page >> 6);
            count++;
        }
    }

    void remove(int page) {
        long bit = 1L << page;
        if (words.length != 0 && (words[page >> 6] & bit) != 0) {
            words[page >> 6] &= ~bit;
            count--;
        }
    }

    /** The first member at or after a page, or -1. */
    int next(int from) {
        int start = from >> 6;
        int word = Math.max(start, low);
        if (word >= words.length) {
            return -1;
        }
        long bits = word == start ? words[word] & (-1L << from) : words[word];
        while (bits == 0) {
            if (++word == words.length) {
                return -1;
            }
            bits = words[word];
        }
        if (start <= low && from == start << 6) {
            low = word;
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** Moves all members to another set of the same width, which has none. */
    void moveTo(PageBits empty) {
        if (count == 0) {
            return;
        }
        long[] cleared = empty.words;
        empty.words = words;
        empty.count = count;
        empty.low = low;
        words = cleared;
        count = 0;
        low = 0;
    }
}
