package io.gantry.scheduler.filters;

import io.gantry.placement.Shortage;
import io.gantry.placement.Verdict;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * The rule that the three amounts share: a guest must fit into what is free with the ratio, and, since a guest cannot
 * over-commit against itself, into what the host physically has.
 */
final class Capacity {
    private final String resource;
    private final String code;
    private final LongFunction<String> text;

    /**
     * @param resource the resource in words
     * @param code the code of a rejection; {@code _TOTAL} is appended if the guest would not fit into the empty host
     * @param text shows an amount, 0 or more, with its unit
     */
    Capacity(String resource, String code, LongFunction<String> text) {
        this.resource = resource;
        this.code = code;
        this.text = text;
    }

    Verdict judge(long needed, long free, long total, double ratio) {
        if (needed > total) {
            return Verdict.lacking(
                    code + "_TOTAL", text.apply(needed), text.apply(total) + " in all", shortage(needed, total, false));
        }
        if (needed > free) {
            return Verdict.lacking(
                    code,
                    text.apply(needed),
                    shown(free) + " of " + text.apply(total) + " x" + ratio,
                    shortage(needed, free, true));
        }
        return Verdict.pass();
    }

    private Shortage shortage(long needed, long has, boolean freeable) {
        long missing = needed - has;
        // Less than none is free on a host that is over-committed; what does not fit into a long is out of reach
        // anyway.
        long bounded = missing < 0 ? Long.MAX_VALUE : missing;
        return new Shortage(resource, bounded, text.apply(missing < 0 ? needed : missing), freeable);
    }

    private String shown(long free) {
        return free >= 0
                ? text.apply(free)
                : String.format(Locale.ROOT, "%s (over-committed by %s)", text.apply(0), text.apply(-free));
    }
}
