package io.gantry.lab;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Result of checking every page of a guest's working set.
 *
 * @param ok whether all pages are right, and were whenever they were overwritten since the guest's boot
 * @param bad pages that are wrong now
 * @param pages pages of the working set
 * @param errs pages that were wrong when they were overwritten
 * @param bootId see {@link Heartbeat#bootId()}
 */
public record Verification(boolean ok, long bad, long pages, long errs, String bootId) {
    private static final Pattern REPLY =
            Pattern.compile("verify (ok|FAIL) bad=(\\d+) pages=(\\d+) errs=(\\d+) boot=(\\S+)");

    static Verification parse(String reply) {
        Matcher matcher = REPLY.matcher(reply);
        if (!matcher.matches()) {
            throw new LabException("not the result of a verification: " + reply);
        }
        return new Verification(
                matcher.group(1).equals("ok"),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)),
                matcher.group(5));
    }
}
