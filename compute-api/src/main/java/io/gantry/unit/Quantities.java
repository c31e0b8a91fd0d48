package io.gantry.unit;

import io.gantry.error.InvalidRequest;
import java.util.Locale;

/** Arithmetic and text that the quantities share. */
final class Quantities {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Quantities() {}

    static void requireNotNegative(String field, long amount) {
        if (amount < 0) {
            throw new InvalidRequest(field, amount, "is negative", "Give 0 or more bytes");
        }
    }

    static long times(String field, long count, long unit) {
        requireNotNegative(field, count);
        if (count > Long.MAX_VALUE / unit) {
            throw new InvalidRequest(field, count, "exceeds 2^63 - 1 bytes", "Give a smaller amount");
        }
        return count * unit;
    }

    static long ceilDiv(long amount, long unit) {
        return amount / unit + (amount % unit == 0 ? 0 : 1);
    }

    static String format(long bytes) {
        int unit = 0;
        double shown = bytes;
        while (shown >= 1024 && unit < UNITS.length - 1) {
            shown /= 1024;
            unit++;
        }
        boolean whole = shown == Math.rint(shown);
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", shown, UNITS[unit]);
    }
}
