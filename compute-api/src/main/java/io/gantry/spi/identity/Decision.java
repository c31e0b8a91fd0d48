package io.gantry.spi.identity;

import static java.util.Objects.requireNonNull;

import io.gantry.identity.Role;
import java.util.Optional;

/**
 * What an access policy says.
 *
 * @param allowed whether the caller may
 * @param reason why not, one sentence without a final full stop that the caller may read; empty if it may
 * @param required the least role that would do; empty if none would, or it is allowed
 */
public record Decision(boolean allowed, String reason, Optional<Role> required) {
    private static final Decision ALLOW = new Decision(true, "", Optional.empty());

    /**
     * Checks that all parts are there.
     *
     * @param allowed see the record
     * @param reason see the record
     * @param required see the record
     */
    public Decision {
        requireNonNull(reason, "reason");
        requireNonNull(required, "required");
    }

    /** {@return yes} */
    public static Decision allow() {
        return ALLOW;
    }

    /**
     * {@return no, but a greater role may}
     *
     * @param reason why not
     * @param required the least role that would do
     */
    public static Decision deny(String reason, Role required) {
        return new Decision(false, reason, Optional.of(required));
    }

    /**
     * {@return no, whatever the role}
     *
     * @param reason why not
     */
    public static Decision deny(String reason) {
        return new Decision(false, reason, Optional.empty());
    }
}
