package io.gantry.identity;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;

/**
 * Identifies a user.
 *
 * @param value 1 to 64 ASCII letters, digits and {@code . _ @ -}
 */
public record UserId(String value) implements Comparable<UserId> {
    /**
     * Checks the form.
     *
     * @param value see the record
     * @throws InvalidRequest if it has another form
     */
    public UserId {
        if (!value.matches("[A-Za-z0-9._@-]{1,64}")) {
            throw new InvalidRequest(
                    "userId",
                    value,
                    "must have 1 to 64 ASCII letters, digits and '. _ @ -'",
                    "Give the user's id, not its display name");
        }
    }

    /**
     * {@return the id}
     *
     * @param value see the record
     * @throws InvalidRequest if it has another form
     */
    public static UserId of(String value) {
        return new UserId(value);
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("user", value);
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
