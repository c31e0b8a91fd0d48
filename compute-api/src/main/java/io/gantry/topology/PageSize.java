package io.gantry.topology;

/**
 * Pages that a guest's memory is to be in.
 *
 * @param kind which
 * @param kib the size in KiB, for {@link Kind#EXACT}; else 0
 */
public record PageSize(Kind kind, int kib) {
    /** Nothing is asked. */
    public static final PageSize UNSPECIFIED = new PageSize(Kind.UNSPECIFIED, 0);

    /** Which pages. */
    public enum Kind {
        /** Ordinary pages, with memory over-commitment. */
        UNSPECIFIED,
        /** Pages of the smallest size, without over-commitment. */
        SMALL,
        /** Huge pages of any size, the largest that fit. */
        LARGE,
        /** As {@link #LARGE}, or else as {@link #SMALL}. */
        ANY,
        /** Pages of one size. */
        EXACT
    }
}
