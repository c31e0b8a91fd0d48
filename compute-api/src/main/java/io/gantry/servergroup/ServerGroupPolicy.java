package io.gantry.servergroup;

import java.util.Locale;

/** How the members of a server group are placed. */
public enum ServerGroupPolicy {
    /** All on one host: the first member decides which. */
    AFFINITY,
    /** Each on another host, or so many on one as the group's rule says. */
    ANTI_AFFINITY,
    /** On as few hosts as can be. */
    SOFT_AFFINITY,
    /** On as many hosts as can be. */
    SOFT_ANTI_AFFINITY;

    /** {@return whether it is held to without exception, rather than preferred} */
    public boolean isHard() {
        return this == AFFINITY || this == ANTI_AFFINITY;
    }

    /** {@return the policy as Nova writes it, such as {@code soft-anti-affinity}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
