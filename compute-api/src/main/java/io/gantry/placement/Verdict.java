package io.gantry.placement;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What one filter says of one host.
 *
 * @param passed whether the host may take the instance
 * @param code stable, upper-case reason, such as {@code MEMORY}; {@code OK} for a pass
 * @param needed what the request needs, for a person; empty where that says nothing
 * @param free what the host has to give, for a person; empty where that says nothing
 * @param shortage what is missing, as numbers, where a host could give it if it had more of something or the request asked
 *     for less
 */
public record Verdict(boolean passed, String code, String needed, String free, Optional<Shortage> shortage) {
    private static final Verdict PASS = new Verdict(true, "OK", "", "", Optional.empty());

    /**
     * Checks that all parts are there.
     *
     * @param passed see the record
     * @param code see the record
     * @param needed see the record
     * @param free see the record
     * @param shortage see the record
     */
    public Verdict {
        requireNonNull(code, "code");
        requireNonNull(needed, "needed");
        requireNonNull(free, "free");
        requireNonNull(shortage, "shortage");
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
        return new Verdict(false, code, needed, free, Optional.empty());
    }

    /**
     * {@return a rejection for want of something that can be counted}
     *
     * @param code stable, upper-case reason
     * @param needed what the request needs
     * @param free what the host has to give
     * @param shortage what is missing
     */
    public static Verdict lacking(String code, String needed, String free, Shortage shortage) {
        return new Verdict(false, code, needed, free, Optional.of(shortage));
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
