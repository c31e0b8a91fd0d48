package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of pages: KiB without a unit, or with one, such as {@code 2MB} or {@code 1GiB}, all of them powers of 1024. */
final class PageSizes {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\s*(k|kb|kib|m|mb|mib|g|gb|gib)?");

    private PageSizes() {}

    static int kib(String field, String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw refused(field, text, "is no page size");
        }
        long factor = switch (matcher.group(2) == null ? 'k' : matcher.group(2).charAt(0)) {
            case 'm' -> 1024L;
            case 'g' -> 1024L * 1024;
            default -> 1L;
        };
        long kib = Long.parseLong(matcher.group(1)) * factor;
        if (kib < 1 || kib > Integer.MAX_VALUE) {
            throw refused(field, text, "is out of range");
        }
        return (int) kib;
    }

    private static InvalidRequest refused(String field, String text, String problem) {
        return new InvalidRequest(
                field,
                text,
                problem,
                "Send small, large, any, or a size such as 2MB or 1GB; without unit it is in KiB.");
    }
}
