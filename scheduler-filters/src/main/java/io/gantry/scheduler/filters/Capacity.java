package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * The rule that the three amounts share: a guest must fit into what is free with the ratio, and, since a guest cannot
 * over-commit against itself, into what the host physically has.
 */
final class Capacity {
    private final String code;
    private final LongFunction<String> text;

    /**
     * @param code the code of a rejection; {@code _TOTAL} is appended if the guest would not fit into the empty host
     * @param text shows an amount, 0 or more, with its unit
     */
    Capacity(String code, LongFunction<String> text) {
        this.code = code;
        this.text = text;
    }

    Verdict judge(long needed, long free, long total, double ratio) {
        if (needed > total) {
            return Verdict.reject(code + "_TOTAL", text.apply(needed), text.apply(total) + " in all");
        }
        if (needed > free) {
            return Verdict.reject(code, text.apply(needed), shown(free) + " of " + text.apply(total) + " x" + ratio);
        }
        return Verdict.pass();
    }

    private String shown(long free) {
        return free >= 0
                ? text.apply(free)
                : String.format(Locale.ROOT, "%s (over-committed by %s)", text.apply(0), text.apply(-free));
    }
}
