package io.gantry.unit;

import io.gantry.error.InvalidRequest;

/**
 * An amount of disk space.
 *
 * @param bytes the amount in bytes, 0 or more
 */
public record DiskSize(long bytes) implements Comparable<DiskSize> {
    /** Nothing. */
    public static final DiskSize ZERO = new DiskSize(0);

    /**
     * Checks the range.
     *
     * @param bytes see the record
     * @throws InvalidRequest if the amount is negative
     */
    public DiskSize {
        Quantities.requireNotNegative("disk", bytes);
    }

    /**
     * {@return an amount in mebibytes (2^20 bytes)}
     *
     * @param mebibytes 0 or more
     * @throws InvalidRequest if the amount is negative or exceeds 2^63 - 1 bytes
     */
    public static DiskSize mib(long mebibytes) {
        return new DiskSize(Quantities.times("disk", mebibytes, 1L << 20));
    }

    /**
     * {@return an amount in gibibytes (2^30 bytes)}
     *
     * @param gibibytes 0 or more
     * @throws InvalidRequest if the amount is negative or exceeds 2^63 - 1 bytes
     */
    public static DiskSize gib(long gibibytes) {
        return new DiskSize(Quantities.times("disk", gibibytes, 1L << 30));
    }

    /** {@return this amount in whole mebibytes, rounded up} */
    public long toMib() {
        return Quantities.ceilDiv(bytes, 1L << 20);
    }

    @Override
    public int compareTo(DiskSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** {@return the amount with its unit, such as {@code 96 MiB}} */
    @Override
    public String toString() {
        return Quantities.format(bytes);
    }
}
