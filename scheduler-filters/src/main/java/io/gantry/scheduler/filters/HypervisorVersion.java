package io.gantry.scheduler.filters;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Versions as one number, as libvirt and Nova have them: 7.2.22 is 7002022. */
final class HypervisorVersion {
    private static final int PART = 1_000;
    private static final Pattern DIGITS = Pattern.compile("([0-9]{1,9})[0-9]*(?:\\.([0-9]+))?(?:\\.([0-9]+))?");

    private HypervisorVersion() {}

    /** {@return the first three parts of the first number in the text; 0 if it has none} */
    static long number(String version) {
        Matcher matcher = DIGITS.matcher(version);
        if (!matcher.find()) {
            return 0;
        }
        long major = Long.parseLong(matcher.group(1));
        return (major * PART + part(matcher.group(2))) * PART + part(matcher.group(3));
    }

    /** What has more than three digits would carry over into the part before it. */
    private static long part(@Nullable String digits) {
        if (digits == null) {
            return 0;
        }
        return digits.length() > 3 ? PART - 1 : Long.parseLong(digits);
    }
}
