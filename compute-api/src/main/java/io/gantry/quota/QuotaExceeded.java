package io.gantry.quota;

import static java.util.Objects.requireNonNull;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/** The request would take its owner over a limit; nothing was changed. */
public final class QuotaExceeded extends ComputeException {
    private static final long serialVersionUID = 1L;

    private final String quota;
    private final long limit;
    private final long used;
    private final long asked;

    /**
     * Creates the failure.
     *
     * @param owner whose limit it is, such as a project
     * @param quota what is limited, such as {@code instances}
     * @param limit how much the owner may hold
     * @param used how much it holds
     * @param asked how much more was asked for
     */
    public QuotaExceeded(ResourceRef owner, String quota, long limit, long used, long asked) {
        super(
                "QUOTA_EXCEEDED",
                true,
                owner,
                "Quota " + quota + " of " + owner + " is " + limit + ": " + used + " are used, " + asked
                        + " more were asked for",
                "Ask for less, delete what is no longer needed, or have the limit raised",
                null);
        this.quota = requireNonNull(quota, "quota");
        this.limit = limit;
        this.used = used;
        this.asked = asked;
    }

    /** {@return what is limited} */
    public String quota() {
        return quota;
    }

    /** {@return how much the owner may hold} */
    public long limit() {
        return limit;
    }

    /** {@return how much the owner holds} */
    public long used() {
        return used;
    }

    /** {@return how much more was asked for} */
    public long asked() {
        return asked;
    }
}
