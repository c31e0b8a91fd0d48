package io.gantry.unit;

import io.gantry.error.InvalidRequest;

/**
 * An amount of memory.
 *
 * @param bytes the amount in bytes, 0 or more
 */
public record MemorySize(long bytes) implements Comparable<MemorySize> {
    /** Nothing. */
    public static final MemorySize ZERO = new MemorySize(0);

    /**
     * Checks the range.
     *
     * @param bytes see the record
     * @throws InvalidRequest if the amount is negative
     */
    public MemorySize {
        Quantities.requireNotNegative("memory", bytes);
    }

    /**
     * {@return an amount in mebibytes (2^20 bytes)}
     *
     * @param mebibytes 0 or more
     * @throws InvalidRequest if the amount is negative or exceeds 2^63 - 1 bytes
     */
    public static MemorySize mib(long mebibytes) {
        return new MemorySize(Quantities.times("memory", mebibytes, 1L << 20));
    }

    /**
     * {@return an amount in gibibytes (2^30 bytes)}
     *
     * @param gibibytes 0 or more
     * @throws InvalidRequest if the amount is negative or exceeds 2^63 - 1 bytes
     */
    public static MemorySize gib(long gibibytes) {
        return new MemorySize(Quantities.times("memory", gibibytes, 1L << 30));
    }

    /** {@return this amount in whole mebibytes, rounded up} */
    public long toMib() {
        return Quantities.ceilDiv(bytes, 1L << 20);
    }

    @Override
    public int compareTo(MemorySize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** {@return the amount with its unit, such as {@code 96 MiB}} */
    @Override
    public String toString() {
        return Quantities.format(bytes);
    }
}
