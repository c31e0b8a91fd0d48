package io.gantry.placement;

import static java.util.Objects.requireNonNull;

/**
 * What one filter says of one host.
 *
 * @param passed whether the host may take the instance
 * @param code stable, upper-case reason, such as {@code MEMORY}; {@code OK} for a pass
 * @param needed what the request needs, for a person; empty where that says nothing
 * @param free what the host has to give, for a person; empty where that says nothing
 */
public record Verdict(boolean passed, String code, String needed, String free) {
    private static final Verdict PASS = new Verdict(true, "OK", "", "");

    /**
     * Checks that all parts are there.
     *
     * @param passed see the record
     * @param code see the record
     * @param needed see the record
     * @param free see the record
     */
    public Verdict {
        requireNonNull(code, "code");
        requireNonNull(needed, "needed");
        requireNonNull(free, "free");
    }

    /** {@return a pass} */
    public static Verdict pass() {
        return PASS;
    }

    /**
     * {@return a rejection}
     *
     * @param code stable, upper-case reason
     * @param needed what the request needs
     * @param free what the host has to give
     */
    public static Verdict reject(String code, String needed, String free) {
        return new Verdict(false, code, needed, free);
    }

    /** {@return the verdict in words, such as {@code MEMORY: needs 4 GiB, has 1 GiB}} */
    @Override
    public String toString() {
        if (needed.isEmpty() && free.isEmpty()) {
            return code;
        }
        return code + ": needs " + needed + ", has " + free;
    }
}
