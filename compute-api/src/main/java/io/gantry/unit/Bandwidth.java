package io.gantry.unit;

import io.gantry.error.InvalidRequest;

/**
 * A rate of transfer.
 *
 * @param bytesPerSecond 0 or more; whether 0 means nothing or unlimited is said where it is used
 */
public record Bandwidth(long bytesPerSecond) {
    /**
     * Checks the range.
     *
     * @param bytesPerSecond see the record
     * @throws InvalidRequest if the rate is negative
     */
    public Bandwidth {
        Quantities.requireNotNegative("bandwidth", bytesPerSecond);
    }

    /**
     * {@return a rate in mebibytes (2^20 bytes) a second}
     *
     * @param mebibytes 0 or more
     * @throws InvalidRequest if the rate is negative or exceeds 2^63 - 1 bytes a second
     */
    public static Bandwidth mibPerSecond(long mebibytes) {
        return new Bandwidth(Quantities.times("bandwidth", mebibytes, 1L << 20));
    }

    /** {@return the rate with its unit, such as {@code 10 MiB/s}} */
    @Override
    public String toString() {
        return Quantities.format(bytesPerSecond) + "/s";
    }
}
