package io.gantry.instance;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;

/**
 * A password for the administrator of a guest's own system. It shows itself to nobody by accident: not in its text, not in
 * errors, not when it is serialised. Immutable; two of them are equal only if they are the same object.
 */
public final class AdminPassword {
    /** The most characters that a password may have. */
    public static final int MAX_LENGTH = 255;

    private static final String NOT_SHOWN = "(not shown)";

    // Transient: whoever writes fields, such as a store, leaves it out.
    private final transient String characters;

    private AdminPassword(String characters) {
        this.characters = characters;
    }

    /**
     * {@return a password}
     *
     * @param characters 1 to 255 characters, none of them a control character or {@code :}, which guests' own tools take
     *     for the end of a field
     * @throws InvalidRequest if they have another form; it does not show them
     */
    public static AdminPassword of(String characters) {
        requireNonNull(characters, "characters");
        if (characters.isEmpty()) {
            throw refused("is empty", "Give a password of 1 to " + MAX_LENGTH + " characters");
        }
        if (characters.length() > MAX_LENGTH) {
            throw refused(
                    "has " + characters.length() + " characters",
                    "Give a password of at most " + MAX_LENGTH + " characters");
        }
        if (characters.chars().anyMatch(Character::isISOControl)) {
            throw refused("has a control character, such as a line break", "Leave it out");
        }
        if (characters.indexOf(':') >= 0) {
            throw refused("has a ':'", "Leave it out");
        }
        if (hasLoneSurrogate(characters)) {
            throw refused("is no Unicode text", "Give whole characters");
        }
        return new AdminPassword(characters);
    }

    private static InvalidRequest refused(String problem, String remediation) {
        return new InvalidRequest("password", NOT_SHOWN, problem, remediation);
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** {@return the characters, for whoever sets the password; they are not to be kept, logged or shown} */
    public String reveal() {
        return characters;
    }

    /** {@return words that do not tell the password} */
    @Override
    public String toString() {
        return NOT_SHOWN;
    }
}
