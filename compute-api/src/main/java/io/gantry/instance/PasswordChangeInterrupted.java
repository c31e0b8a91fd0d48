package io.gantry.instance;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;

/**
 * The engine that was given a new password ended before it told of the outcome. Passwords are kept nowhere but in that
 * engine's memory, so nobody else can go on.
 */
public class PasswordChangeInterrupted extends ComputeException {
    private static final long serialVersionUID = 1L;

    /** Whether the password may have been sent to the guest. */
    private final boolean mayHaveChanged;

    /**
     * Creates the failure.
     *
     * @param instance the instance
     * @param mayHaveChanged whether the password may have been sent to the guest
     */
    public PasswordChangeInterrupted(ResourceRef instance, boolean mayHaveChanged) {
        super(
                "PASSWORD_CHANGE_INTERRUPTED",
                true,
                instance,
                mayHaveChanged
                        ? "The engine ended while it changed the password of " + instance
                                + ": whether it was changed is unknown"
                        : "The engine ended before it changed the password of " + instance + ": it was not changed",
                "Change the password again",
                null);
        this.mayHaveChanged = mayHaveChanged;
    }

    /** {@return whether the password may have been changed; if not, it was not} */
    public final boolean mayHaveChanged() {
        return mayHaveChanged;
    }
}
