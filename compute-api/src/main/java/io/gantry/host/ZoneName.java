package io.gantry.host;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;

/** The form of the names of availability zones. */
public final class ZoneName {
    private static final int MOST = 255;

    private ZoneName() {}

    /**
     * Checks the form of a zone's name.
     *
     * @param field what carries it, for the error, such as {@code instance.zone}
     * @param name 1 to 255 characters, none of them a control character or {@code :}; no space at either end
     * @return the name
     * @throws InvalidRequest if it has another form
     */
    public static String check(String field, String name) {
        if (name.isEmpty()
                || name.length() > MOST
                || !name.equals(name.strip())
                || name.chars().anyMatch(c -> Character.isISOControl(c) || c == ':')) {
            throw new InvalidRequest(
                    field,
                    name,
                    "must be 1 to 255 characters, none of them ':' or a control character, without spaces at the ends",
                    "Use a name such as 'zone-1'");
        }
        return name;
    }

    /**
     * {@return a reference to a zone, for errors}
     *
     * @param name the zone's name
     */
    public static ResourceRef ref(String name) {
        return new ResourceRef("zone", name);
    }
}
